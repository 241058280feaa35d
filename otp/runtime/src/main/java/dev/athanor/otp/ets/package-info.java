/// Tables in memory that many processes share (OTP's ets): each is owned by a process, read from
/// any thread without a lock, and gone, or handed to its heir, when the owner exits; a cache with
/// expiry and a table of counters stand on them. Start from [dev.athanor.otp.ets.Table].
@NullMarked
package dev.athanor.otp.ets;

import org.jspecify.annotations.NullMarked;

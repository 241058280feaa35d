/// Signed tokens: something the server gave a client and can recognize later without keeping it.
/// Start from [Token].
@NullMarked
package dev.athanor.otp.channels.token;

import org.jspecify.annotations.NullMarked;

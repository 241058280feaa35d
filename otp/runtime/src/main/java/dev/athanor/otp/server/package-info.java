/// Servers: processes that keep a state and answer calls and casts, with a start that reports its
/// outcome and an orderly end. Start from [dev.athanor.otp.server.GenServer].
@NullMarked
package dev.athanor.otp.server;

import org.jspecify.annotations.NullMarked;

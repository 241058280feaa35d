/// What carries the messages of one connection, whatever it is: a WebSocket or a client that polls.
/// Start from [Transport].
@NullMarked
package dev.athanor.otp.channels.transport;

import org.jspecify.annotations.NullMarked;

/// Connections of clients that cannot hold a WebSocket: they ask for messages again and again and
/// send theirs in requests of their own. Start from [LongPoll].
@NullMarked
package dev.athanor.otp.channels.longpoll;

import org.jspecify.annotations.NullMarked;

/// WebSocket (RFC 6455) straight on a Netty pipeline: the handshake, frames in, frames out, with
/// one object a connection. Start from [WebSocket].
@NullMarked
package dev.athanor.otp.channels.websocket;

import org.jspecify.annotations.NullMarked;

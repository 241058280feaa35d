package dev.athanor.otp.channels.wire;

import org.jspecify.annotations.Nullable;

/// One message of a client, as decoded from a frame (`Phoenix.Socket.Message`).
///
/// References are kept as their JSON text, quotes included (`"7"` is three characters), because
/// they are only compared and sent back.
///
/// @param joinRef which join the message belongs to; null when the client left it out
/// @param ref what a reply must carry; null when no reply is expected
/// @param topic for instance `stream:world-cup`
/// @param event for instance `phx_join` or an event of the channel's own
/// @param payload JSON or bytes
public record Message(
    @Nullable String joinRef, @Nullable String ref, String topic, String event, Payload payload) {}

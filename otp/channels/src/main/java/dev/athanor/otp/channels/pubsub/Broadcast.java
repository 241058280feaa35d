package dev.athanor.otp.channels.pubsub;

import dev.athanor.otp.channels.wire.Payload;

/// An event for everybody who joined a topic (`Phoenix.Socket.Broadcast`).
///
/// @param topic the topic
/// @param event the event
/// @param payload what it carries
public record Broadcast(String topic, String event, Payload payload) {}

package dev.athanor.otp.channels.pubsub;

/// A subscriber that takes a message without being a process: a socket that writes bytes encoded
/// once for everybody. Called on the lane it subscribed with, one message at a time; must neither
/// block nor throw.
public interface Fastlane {
  /// Takes one message.
  ///
  /// @param delivery the message, with the encodings made for it so far; not to be kept
  void deliver(Delivery delivery);
}

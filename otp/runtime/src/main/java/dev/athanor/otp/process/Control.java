package dev.athanor.otp.process;

import org.jspecify.annotations.Nullable;

/// What travels through an inbox besides the messages of the protocol.
///
/// The receiver calls [#arrive] when it takes the inbox in, ahead of messages that wait; what that
/// returns queues up behind them and is handled in its turn.
abstract class Control {
  /// Acts on arrival, in a turn of the receiver.
  ///
  /// @return what takes its place in the queue, or null when that was all
  @Nullable Object arrive(Cell<?> cell) {
    return this;
  }

  /// Acts in its turn in the queue, as a callback.
  void handle(Cell<?> cell) throws Exception {}

  /// Tells whether the receiver ends by it whatever it is doing, so that the thread of a callback
  /// that blocks is to be interrupted.
  boolean kills() {
    return false;
  }

  /// The receiver is dead, or died with this still waiting.
  void refused(Cell<?> dead) {}
}

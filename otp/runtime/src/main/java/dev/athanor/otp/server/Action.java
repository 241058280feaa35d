package dev.athanor.otp.server;

import java.time.Duration;

/// What a server does after a callback, besides waiting for the next message.
public sealed interface Action {
  /// Those without parameters.
  enum Plain implements Action {
    /// Waits for the next message.
    NONE,
    /// Says that the next message may be long in coming. A process here keeps nothing that
    /// hibernation could give back, so this is the same as [#NONE].
    HIBERNATE
  }

  /// [GenServer#handleInfo] gets [Info.Timeout] unless any message comes first.
  ///
  /// @param after how long to wait; zero: unless a message waits already
  record Timeout(Duration after) implements Action {}

  /// [GenServer#handleContinue] is called before any message. One continuation may follow the other
  /// without end; nothing comes in between, not even an exit signal, so on an event loop a long
  /// chain is better cast to oneself.
  ///
  /// @param continuation what it is given
  record Continue(Object continuation) implements Action {}

  /// No action.
  ///
  /// @return [Plain#NONE]
  static Action none() {
    return Plain.NONE;
  }

  /// A timeout, called off by any message.
  ///
  /// @param after how long to wait
  /// @return the action
  static Action timeout(Duration after) {
    return new Timeout(after);
  }

  /// A continuation, before any message.
  ///
  /// @param continuation any value
  /// @return the action
  static Action continueWith(Object continuation) {
    return new Continue(continuation);
  }

  /// A long wait.
  ///
  /// @return [Plain#HIBERNATE]
  static Action hibernate() {
    return Plain.HIBERNATE;
  }
}

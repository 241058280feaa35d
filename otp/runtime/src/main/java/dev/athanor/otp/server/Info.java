package dev.athanor.otp.server;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.MonitorRef;
import dev.athanor.otp.process.Pid;

/// What reaches a server besides calls and casts.
@SuppressWarnings("AvoidCommonTypeNames") // the word of OTP: handle_info
public sealed interface Info {
  /// A linked process other than the parent ended, while the server traps exits.
  ///
  /// @param from who
  /// @param reason why
  record Exit(Pid<?> from, ExitReason reason) implements Info {}

  /// A monitored process ended.
  ///
  /// @param ref the monitor
  /// @param pid who
  /// @param reason why
  record Down(MonitorRef ref, Pid<?> pid, ExitReason reason) implements Info {}

  /// The timeout set by [Action#timeout] passed without any message.
  record Timeout() implements Info {}

  /// A message that was sent plainly with [Pid#send], by a timer for instance.
  ///
  /// @param message the message
  record Message(Object message) implements Info {}
}

package dev.athanor.otp.process;

/// What the runtime itself delivers to a process, besides messages.
///
/// Signals wait in the mailbox with the messages, in the order in which they arrived.
public sealed interface Signal {
  /// The end of a linked process, or an exit signal sent by hand, as a process that traps exits
  /// sees it: `{'EXIT', From, Reason}`.
  ///
  /// @param from who ended or who sent it; for a signal from outside every process, the receiver
  /// @param reason why
  record Exit(Pid<?> from, ExitReason reason) implements Signal {}

  /// The end of a monitored process: `{'DOWN', Ref, process, Pid, Reason}`. Exactly one comes for
  /// every monitor that was not taken back.
  ///
  /// @param ref the monitor
  /// @param pid who ended
  /// @param reason why; [ExitReason.NoProcess] when it was gone before
  record Down(MonitorRef ref, Pid<?> pid, ExitReason reason) implements Signal {}
}

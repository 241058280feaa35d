package dev.athanor.otp.task;

import dev.athanor.otp.process.ExitReason;

/// An exit with a reason, as an exception: what awaiting a task fails with when the task has ended
/// without a value, and what work throws to end its task with a reason of its own choice
/// (`exit/1`).
///
/// Work that awaits another task and lets this through ends with the same reason.
public final class TaskExit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ExitReason reason;

  /// An exit for this reason.
  ///
  /// @param reason why
  public TaskExit(ExitReason reason) {
    super("exit: " + reason, reason instanceof ExitReason.Crashed(Throwable cause) ? cause : null);
    this.reason = reason;
  }

  /// Why.
  ///
  /// @return the reason; `ExitReason.of("timeout")` when the patience of who awaited was over
  public ExitReason reason() {
    return reason;
  }
}

package dev.athanor.otp.process;

/// Something that belongs to a process and goes when its owner goes: a name, a table, an entry in a
/// registry. Attached with [Node#own].
///
/// Whoever hears of the owner's end through a link or a monitor finds it released already.
public interface Owned {
  /// The owner is ending. Called once, on the owner's thread, before any exit signal or down
  /// message leaves. Must not block; what it throws is reported as telemetry and goes nowhere else.
  ///
  /// @param owner the process that is ending
  /// @param reason why
  void ownerExited(Pid<?> owner, ExitReason reason);
}

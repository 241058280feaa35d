package dev.athanor.otp.ets;

/// Who may read and write a table (ets: the access rights). A thread that runs no process is
/// nobody's owner.
public enum Access {
  /// Everybody reads and writes.
  PUBLIC,
  /// Everybody reads, only the owner writes; the default.
  PROTECTED,
  /// Only the owner reads and writes.
  PRIVATE
}

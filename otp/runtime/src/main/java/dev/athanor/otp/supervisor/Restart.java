package dev.athanor.otp.supervisor;

/// When a child that ended is started again.
public enum Restart {
  /// Always.
  PERMANENT,
  /// When its end was not orderly: neither normal nor shutdown.
  TRANSIENT,
  /// Never; the supervisor forgets it.
  TEMPORARY
}

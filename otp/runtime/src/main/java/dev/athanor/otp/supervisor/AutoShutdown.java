package dev.athanor.otp.supervisor;

/// Whether the end of significant children ends their supervisor.
public enum AutoShutdown {
  /// Never; then no child can be significant.
  NEVER,
  /// When one of them ends and is not restarted.
  ANY_SIGNIFICANT,
  /// When the last of them ends and is not restarted.
  ALL_SIGNIFICANT
}

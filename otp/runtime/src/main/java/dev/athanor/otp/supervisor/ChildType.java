package dev.athanor.otp.supervisor;

/// What sort of process a child is.
public enum ChildType {
  /// Does the work.
  WORKER,
  /// Supervises others.
  SUPERVISOR
}

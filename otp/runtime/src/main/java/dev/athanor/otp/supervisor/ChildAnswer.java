package dev.athanor.otp.supervisor;

/// What a supervisor answers to a change of its children. As the reason of a failed start it comes
/// in [dev.athanor.otp.process.ExitReason.Other].
public enum ChildAnswer {
  /// Done.
  OK,
  /// There is no such child.
  NOT_FOUND,
  /// The child runs, so it can neither be deleted nor started.
  RUNNING,
  /// The child is about to be restarted.
  RESTARTING,
  /// A child with this id is known and not running; restart or delete it.
  ALREADY_PRESENT,
  /// The dynamic supervisor has as many children as it may have.
  MAX_CHILDREN
}

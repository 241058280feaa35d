package dev.athanor.otp.supervisor;

/// Which children a supervisor restarts when one of them has to be.
public enum Strategy {
  /// That child.
  ONE_FOR_ONE,
  /// All: the others are stopped in reverse order, then all are started in order.
  ONE_FOR_ALL,
  /// That child and those started after it.
  REST_FOR_ONE
}

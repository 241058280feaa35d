package dev.athanor.otp.supervisor;

/// How many children a supervisor has.
///
/// @param specs all it knows, running or not
/// @param active those that run
/// @param supervisors those that are supervisors, running or not
/// @param workers those that are workers, running or not
public record ChildCount(int specs, int active, int supervisors, int workers) {}

package dev.athanor.otp.sys;

/// What a process did since [Debug#statistics] was switched on.
///
/// @param startTimeNanos when it was switched on, by the clock of the scheduler
/// @param currentTimeNanos when this was asked
/// @param reductions messages, signals and system requests handled
/// @param messagesIn events a server or machine began to handle; of a plain process messages and
///   signals
/// @param messagesOut replies given by decisions; those given later through a From do not count,
///   and plain processes have none
public record Statistics(
    long startTimeNanos,
    long currentTimeNanos,
    long reductions,
    long messagesIn,
    long messagesOut) {}

package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.ExitReason;

/// Why a supervisor did not come up: the detail of its [ExitReason.Shutdown]
/// (`{failed_to_start_child, Id, Reason}`).
///
/// @param id the child that failed
/// @param reason why it failed
public record FailedToStart(Object id, ExitReason reason) {}

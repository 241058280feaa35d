/// Processes that start, watch, restart and stop other processes, so that a crash is repaired where
/// it happened. Start from [dev.athanor.otp.supervisor.Supervisor] and
/// [dev.athanor.otp.supervisor.ChildSpec].
@NullMarked
package dev.athanor.otp.supervisor;

import org.jspecify.annotations.NullMarked;

package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.Self;
import dev.athanor.otp.server.StartResult;
import java.util.concurrent.CompletionStage;

/// Starts a child. Runs in the supervisor, again for every restart, and must not block: the
/// supervisor goes on when the stage has completed.
@FunctionalInterface
public interface ChildStart {
  /// Spawns a process linked to the supervisor.
  ///
  /// @param supervisor the supervisor, as the parent to give to `startLink`
  /// @return the outcome
  /// @throws Exception is a start that failed
  CompletionStage<? extends StartResult<?>> start(Self<?> supervisor) throws Exception;
}

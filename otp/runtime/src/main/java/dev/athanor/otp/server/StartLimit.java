package dev.athanor.otp.server;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The limit to how long `init` may take. The process is killed then, and the start has failed.
final class StartLimit {
  private StartLimit() {}

  /// Called by the starter, once the process is spawned.
  static <M> CompletionStage<StartResult<M>> of(
      CompletableFuture<StartResult<M>> outcome,
      Pid<?> pid,
      @Nullable Pid<?> parent,
      @Nullable Duration limit) {
    if (limit != null && !outcome.isDone()) {
      var deadline =
          new Node.Deadline() {
            @Override
            protected void expired() {
              if (outcome.complete(new StartResult.Failed<>(ExitReason.of("timeout")))) {
                pid.node().abandonStart(pid, parent);
              }
            }

            void done() {
              disarm();
            }
          };
      pid.node().arm(deadline, limit);
      var _ = outcome.whenComplete((result, failure) -> deadline.done());
    }
    return outcome;
  }
}

package dev.athanor.otp.vertx;

import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;

/// A lane with several threads, or with a thread for every turn.
final class PoolLane implements Lane {
  private final Kind kind;
  private final ExecutorService executor;

  PoolLane(Kind kind, ExecutorService executor) {
    this.kind = kind;
    this.executor = executor;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public void execute(Runnable turn) {
    if (!executor.isShutdown()) {
      try {
        executor.execute(turn);
      } catch (RejectedExecutionException closedMeanwhile) {
        return;
      }
    }
  }

  void close() {
    executor.shutdownNow();
  }
}

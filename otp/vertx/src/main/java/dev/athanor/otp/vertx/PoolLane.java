package dev.athanor.otp.vertx;

import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// A lane in front of several threads: the pool decides which one runs a turn.
record PoolLane(Kind kind, Executor pool) implements Lane {
  @Override
  public void execute(Runnable turn) {
    try {
      pool.execute(turn);
    } catch (RejectedExecutionException closed) {
      // The scheduler was closed: the turn is dropped, as the contract says.
      return;
    }
  }
}

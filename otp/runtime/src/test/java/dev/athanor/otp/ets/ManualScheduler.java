package dev.athanor.otp.ets;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Scheduler;
import dev.athanor.otp.process.Self;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Runs all turns on the thread of the test, one after the other, under a clock that the test
// moves.
public final class ManualScheduler implements Scheduler, Lane {

  private final ArrayDeque<Runnable> turns = new ArrayDeque<>();
  private long now;

  /// A process that does what it is told.
  public static Pid<Runnable> doer(Node node) {
    return node.spawn(
        new Behavior<Runnable>() {
          @Override
          public void onMessage(Self<Runnable> self, Runnable message) {
            message.run();
          }
        });
  }

  /// Lets a doer do something and answers its outcome.
  public <T> T in(Pid<Runnable> doer, Callable<T> action) {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    doer.send(
        () -> {
          try {
            outcome.complete(action.call());
          } catch (Exception e) {
            outcome.completeExceptionally(e);
          }
        });
    run();
    try {
      return outcome.getNow(null);
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  public void run() {
    for (Runnable turn = turns.poll(); turn != null; turn = turns.poll()) {
      turn.run();
    }
  }

  public synchronized void advance(Duration time) {
    now += time.toNanos();
  }

  @Override
  public synchronized void execute(Runnable turn) {
    turns.add(turn);
  }

  @Override
  public Kind kind() {
    return Kind.EVENT_LOOP;
  }

  @Override
  public Lane lane(Kind kind) {
    return this;
  }

  @Override
  public Cancellable schedule(long delayNanos, Runnable task) {
    throw new UnsupportedOperationException("no timers here");
  }

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public boolean onEventLoop() {
    return false;
  }
}

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
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Runs all turns on the thread of the test, one after the other, under a clock that the test
/// moves.
public final class ManualScheduler implements Scheduler, Lane {

  private final ArrayDeque<Runnable> turns = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
  private long now;
  private long count;

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

  /// Moves the clock and runs what is due, in its order and at its time.
  public void advance(Duration time) {
    long end = nanoTime() + time.toNanos();
    for (Timer timer = due(end); timer != null; timer = due(end)) {
      timer.task.run();
      run();
    }
    synchronized (this) {
      now = end;
    }
  }

  private synchronized Timer due(long end) {
    if (timers.isEmpty() || timers.peek().at > end) {
      return null;
    }
    Timer timer = timers.poll();
    now = Math.max(now, timer.at);
    return timer;
  }

  /// How many timers wait.
  public synchronized int timers() {
    return timers.size();
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
  public synchronized Cancellable schedule(long delayNanos, Runnable task) {
    Timer timer = new Timer(now + Math.max(0, delayNanos), count++, task);
    timers.add(timer);
    return () -> cancel(timer);
  }

  private synchronized void cancel(Timer timer) {
    timers.remove(timer);
  }

  private record Timer(long at, long number, Runnable task) {}

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public boolean onEventLoop() {
    return false;
  }
}

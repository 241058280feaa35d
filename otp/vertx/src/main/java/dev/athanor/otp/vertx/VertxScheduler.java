package dev.athanor.otp.vertx;

import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Scheduler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Runs processes on the event loops of a Vert.x instance, on virtual threads and on a pool of
/// workers.
///
/// A process on an event loop stays on its loop; one that is spawned from a loop is born there,
/// others take turns. Its turns run in a Vert.x context of that loop, so that clients used inside
/// keep to the same thread. Closing stops the workers and virtual threads; the Vert.x instance
/// belongs to whoever made it. May be used from any thread.
public final class VertxScheduler implements Scheduler, AutoCloseable {
  private final Vertx vertx;
  private final LoopLane[] loops;
  private final PoolLane virtual;
  private final PoolLane workers;
  private final AtomicInteger turn = new AtomicInteger();

  /// Made when the first node wants to be watched; guarded by this object's lock.
  private @Nullable ScheduledExecutorService watcher;

  /// Guarded by this object's lock.
  private boolean closed;

  /// How long event loops look out for work from other threads, unless asked otherwise: about what
  /// it costs to wake a thread.
  private static final Duration SPIN = Duration.ofNanos(20_000);

  /// A scheduler on all event loops of the instance, which spin for up to 20 microseconds.
  ///
  /// @param vertx the instance
  public VertxScheduler(Vertx vertx) {
    this(vertx, SPIN);
  }

  /// A scheduler on all event loops of the instance. A loop that has run out of work and was woken
  /// by another thread a moment after it last fell asleep looks out for more for a while before it
  /// sleeps again: for the latency of processes on different loops that talk to each other, at the
  /// price of a processor that is busy that long. When that was in vain four times more often than
  /// not, it sleeps at once again. Sockets and timers of the loop wait meanwhile. See
  /// docs/adr/0083.
  ///
  /// @param vertx the instance
  /// @param spin how long, at most a millisecond; zero goes to sleep at once, always
  public VertxScheduler(Vertx vertx, Duration spin) {
    if (spin.isNegative() || spin.compareTo(Duration.ofMillis(1)) > 0) {
      throw new IllegalArgumentException(
          "an event loop spins for zero to a millisecond before it sleeps, got " + spin);
    }
    this.vertx = vertx;
    List<LoopLane> found = new ArrayList<>();
    VertxInternal internal = (VertxInternal) vertx;
    ClassLoader loader = VertxScheduler.class.getClassLoader();
    for (EventExecutor loop : internal.getEventLoopGroup()) {
      found.add(
          new LoopLane(
              internal.createEventLoopContext((EventLoop) loop, null, loader), spin.toNanos()));
    }
    this.loops = found.toArray(LoopLane[]::new);
    this.virtual =
        new PoolLane(
            Kind.VIRTUAL_THREAD,
            Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("athanor-virtual-", 0).factory()));
    this.workers =
        new PoolLane(
            Kind.WORKER,
            Executors.newFixedThreadPool(
                Runtime.getRuntime().availableProcessors(),
                Thread.ofPlatform().daemon().name("athanor-worker-", 0).factory()));
  }

  /// The Vert.x instance underneath.
  ///
  /// @return the instance
  public Vertx vertx() {
    return vertx;
  }

  /// The lane of the event loop the caller runs on.
  ///
  /// @return the lane, or null on any other thread
  public @Nullable Lane currentLane() {
    return currentLoop();
  }

  /// All event loops, for processes that are to be spread by hand.
  ///
  /// @return one lane for each
  public List<Lane> eventLoops() {
    return List.of(loops);
  }

  @Override
  public Lane lane(Kind kind) {
    return switch (kind) {
      case EVENT_LOOP -> {
        LoopLane own = currentLoop();
        yield own != null ? own : nextLoop();
      }
      case VIRTUAL_THREAD -> virtual;
      case WORKER -> workers;
    };
  }

  @Override
  public Cancellable schedule(long delayNanos, Runnable task) {
    LoopLane own = currentLoop();
    EventLoop loop = (own != null ? own : nextLoop()).loop();
    try {
      Future<?> timer = loop.schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
      return () -> timer.cancel(false);
    } catch (RejectedExecutionException closed) {
      return () -> {};
    }
  }

  @Override
  public Cancellable watch(long periodNanos, Runnable check) {
    ScheduledExecutorService open = watcher();
    if (open == null) {
      return () -> {};
    }
    try {
      Future<?> watch =
          open.scheduleAtFixedRate(check, periodNanos, periodNanos, TimeUnit.NANOSECONDS);
      return () -> watch.cancel(false);
    } catch (RejectedExecutionException closedMeanwhile) {
      return () -> {};
    }
  }

  /// Null once the scheduler is closed.
  private synchronized @Nullable ScheduledExecutorService watcher() {
    if (watcher == null && !closed) {
      ScheduledThreadPoolExecutor made =
          new ScheduledThreadPoolExecutor(
              1, Thread.ofPlatform().daemon().name("athanor-watchdog").factory());
      made.setRemoveOnCancelPolicy(true);
      watcher = made;
    }
    return watcher;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public boolean onEventLoop() {
    return Context.isOnEventLoopThread();
  }

  /// Stops the workers and virtual threads; those that block are interrupted.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (watcher != null) {
        watcher.shutdownNow();
      }
    }
    virtual.close();
    workers.close();
  }

  private @Nullable LoopLane currentLoop() {
    for (LoopLane loop : loops) {
      if (loop.isCurrent()) {
        return loop;
      }
    }
    return null;
  }

  private LoopLane nextLoop() {
    return loops[Math.floorMod(turn.getAndIncrement(), loops.length)];
  }
}

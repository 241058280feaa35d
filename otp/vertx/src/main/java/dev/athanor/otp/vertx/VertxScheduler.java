package dev.athanor.otp.vertx;

import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Scheduler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The [Scheduler] for production: a lane on each event loop of a Vert.x instance, a pool of as
/// many worker threads as the machine has cores, and virtual threads.
///
/// A process spawned on an event loop stays on that loop; one spawned elsewhere gets the loops in
/// turn. A turn on an event loop runs inside a Vert.x event-loop context, so Vert.x clients may be
/// used there. Timers are the loops' own. All methods may be called from any thread. Closing it
/// ends the worker threads; the Vert.x instance stays open, it belongs to whoever made it.
///
/// Corresponds to the BEAM's schedulers, one a core, and its dirty CPU schedulers.
public final class VertxScheduler implements Scheduler, AutoCloseable {
  private final EventLoopLane[] loops;
  private final ExecutorService workers;
  private final ExecutorService virtualThreads;
  private final Lane workerLane;
  private final Lane virtualThreadLane;
  private final AtomicInteger next = new AtomicInteger();

  /// Makes a scheduler on all event loops of an instance.
  ///
  /// @param vertx the instance, open for as long as the scheduler is used
  public VertxScheduler(Vertx vertx) {
    VertxInternal internal = (VertxInternal) Objects.requireNonNull(vertx, "vertx");
    ClassLoader loader = VertxScheduler.class.getClassLoader();
    List<EventLoopLane> lanes = new ArrayList<>();
    for (EventExecutor loop : internal.getEventLoopGroup()) {
      ContextInternal context = internal.createEventLoopContext((EventLoop) loop, null, loader);
      lanes.add(new EventLoopLane(context));
    }
    loops = lanes.toArray(EventLoopLane[]::new);
    workers =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(),
            Thread.ofPlatform().daemon().name("athanor-worker-", 0).factory());
    virtualThreads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("athanor-virtual").factory());
    workerLane = new PoolLane(Kind.WORKER, workers);
    virtualThreadLane = new PoolLane(Kind.VIRTUAL_THREAD, virtualThreads);
  }

  @Override
  public Lane lane(Kind kind) {
    return switch (kind) {
      case EVENT_LOOP -> currentOrNext();
      case VIRTUAL_THREAD -> virtualThreadLane;
      case WORKER -> workerLane;
    };
  }

  @Override
  public Cancellable schedule(long delayNanos, Runnable task) {
    Future<?> timer =
        currentOrNext().loop().schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public boolean onEventLoop() {
    return Context.isOnEventLoopThread();
  }

  @Override
  public void close() {
    workers.shutdownNow();
    virtualThreads.shutdownNow();
  }

  private EventLoopLane currentOrNext() {
    for (EventLoopLane lane : loops) {
      if (lane.isCurrent()) {
        return lane;
      }
    }
    return loops[Math.floorMod(next.getAndIncrement(), loops.length)];
  }
}

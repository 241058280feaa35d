package dev.athanor.otp.vertx;

import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import io.netty.channel.EventLoop;
import io.vertx.core.impl.ContextInternal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.RejectedExecutionException;
import org.jctools.queues.MpscUnboundedArrayQueue;

/// The turns of one event loop.
///
/// Turns wait in a queue of the lane's own, not in the loop's: one task of the loop drains many of
/// them, and a turn queued while the drain runs costs no wake-up. The flag `draining` is true from
/// the moment the drain is handed to the loop until it has seen an empty queue; whoever queues a
/// turn and finds it false hands the drain over. The drain clears the flag and looks once more, so
/// a turn queued in between is never left behind (the queue's offer and the flag's exchange are
/// both full fences). After DRAIN_NANOS the drain goes behind the loop's own I/O tasks, so that
/// sockets are served while processes are busy.
final class EventLoopLane implements Lane, Runnable {
  private static final long DRAIN_NANOS = 500_000;
  private static final VarHandle DRAINING;

  static {
    try {
      DRAINING =
          MethodHandles.lookup().findVarHandle(EventLoopLane.class, "draining", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final ContextInternal context;
  private final EventLoop loop;
  private final MpscUnboundedArrayQueue<Runnable> turns = new MpscUnboundedArrayQueue<>(1024);

  /// Exchanged by whoever queues a turn, cleared by the drain.
  @SuppressWarnings("unused")
  private volatile boolean draining;

  EventLoopLane(ContextInternal context) {
    this.context = context;
    this.loop = context.nettyEventLoop();
  }

  @Override
  public Kind kind() {
    return Kind.EVENT_LOOP;
  }

  @Override
  public void execute(Runnable turn) {
    turns.offer(turn);
    if (!draining && !(boolean) DRAINING.getAndSet(this, true)) {
      handOver();
    }
  }

  boolean isCurrent() {
    return loop.inEventLoop();
  }

  EventLoop loop() {
    return loop;
  }

  /// Drains, on the loop.
  @Override
  public void run() {
    ContextInternal outer = context.beginDispatch();
    try {
      long deadline = System.nanoTime() + DRAIN_NANOS;
      do {
        Runnable turn;
        while ((turn = turns.poll()) != null) {
          turn.run();
          if (System.nanoTime() - deadline >= 0) {
            handOver();
            return;
          }
        }
        DRAINING.setVolatile(this, false);
      } while (!turns.isEmpty() && !(boolean) DRAINING.getAndSet(this, true));
    } finally {
      context.endDispatch(outer);
    }
  }

  private void handOver() {
    try {
      loop.execute(this);
    } catch (RejectedExecutionException closed) {
      turns.clear();
    }
  }
}

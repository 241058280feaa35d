package dev.athanor.otp.vertx;

import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import io.netty.channel.EventLoop;
import io.vertx.core.impl.ContextInternal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// One event loop as a lane: many turns share one task of the loop.
///
/// Turns that come from the loop itself go to a private queue; turns from other threads go onto a
/// lock-free stack whose bottom tells the state of the lane, as in a process: null is idle, and
/// whoever replaces it submits the one task to the loop; BUSY means the task is submitted or
/// running. So a send between two processes of one loop wakes nobody, and a thousand sends from
/// another thread wake the loop once. The task takes the stack in, runs turns for a while, and
/// gives way to sockets and timers before it goes on.
///
/// Turns do not throw; should one throw all the same, those behind it get a task of their own, and
/// the loop tells of the failure as it does for any of its tasks: by a warning in Netty's log.
final class LoopLane implements Lane, Runnable {
  private static final Node BUSY = new Node(() -> {});

  /// How long turns may run before the loop looks after its sockets again.
  private static final long SLICE_NANOS = 500_000;

  /// Turns between two looks at the clock, which costs as much as a short turn: more after turns
  /// that were short, one after others.
  private static final int LONGEST_STRIDE = 16;

  /// Turns that took this long together were long ones.
  private static final long LONG_NANOS = 20_000;

  private static final VarHandle TOP;

  static {
    try {
      TOP = MethodHandles.lookup().findVarHandle(LoopLane.class, "top", Node.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final class Node {
    final Runnable turn;
    @Nullable Node next;

    Node(Runnable turn) {
      this.turn = turn;
    }
  }

  private final Patience patience;
  private final ContextInternal context;
  private final EventLoop loop;

  /// Touched by the loop only.
  private final ArrayDeque<Runnable> turns = new ArrayDeque<>(64);

  /// When the lane became idle, 0 while it is not and when the loop itself ended that. Touched by
  /// the loop only.
  private long restedAt;

  /// When another thread ended the idleness: written by the one that replaced null, before it
  /// submits the task that reads it.
  private long wokenAt;

  /// Compare-and-set by everybody, exchanged by the loop.
  private volatile @Nullable Node top;

  LoopLane(ContextInternal context, long spinNanos) {
    this.patience = new Patience(spinNanos);
    this.context = context;
    this.loop = context.nettyEventLoop();
  }

  @Override
  public boolean isCurrent() {
    return loop.inEventLoop();
  }

  EventLoop loop() {
    return loop;
  }

  @Override
  public Kind kind() {
    return Kind.EVENT_LOOP;
  }

  @Override
  public void execute(Runnable turn) {
    if (loop.inEventLoop()) {
      turns.addLast(turn);
      if (top == null && TOP.compareAndSet(this, null, BUSY)) {
        restedAt = 0;
        submit();
      }
      return;
    }
    Node node = new Node(turn);
    while (true) {
      Node below = top;
      node.next = below;
      if (TOP.compareAndSet(this, below, node)) {
        if (below == null) {
          wokenAt = System.nanoTime();
          submit();
        }
        return;
      }
    }
  }

  private void submit() {
    try {
      loop.execute(this);
    } catch (RejectedExecutionException closed) {
      return; // whatever is queued stays where it is, for the garbage collector
    }
  }

  @Override
  public void run() {
    ContextInternal outer = context.beginDispatch();
    try {
      drain();
    } finally {
      context.endDispatch(outer);
    }
  }

  private void drain() {
    long looked = System.nanoTime();
    long end = looked + SLICE_NANOS;
    if (restedAt != 0) {
      patience.slept(wokenAt - restedAt);
      restedAt = 0;
    }
    int stride = 1;
    int left = 1;
    while (true) {
      if (top != BUSY) {
        takeIn();
      }
      Runnable turn = turns.pollFirst();
      if (turn == null) {
        if (somethingComes()) {
          continue;
        }
        restedAt = System.nanoTime();
        if (TOP.compareAndSet(this, BUSY, null)) {
          return;
        }
        restedAt = 0;
        continue;
      }
      perform(turn);
      if (--left == 0) {
        long now = System.nanoTime();
        if (now - end >= 0) {
          submit();
          return;
        }
        stride = now - looked > LONG_NANOS ? 1 : Math.min(stride * 2, LONGEST_STRIDE);
        left = stride;
        looked = now;
      }
    }
  }

  private void perform(Runnable turn) {
    boolean whole = false;
    try {
      turn.run();
      whole = true;
    } finally {
      if (!whole) {
        submit();
      }
    }
  }

  /// Looks out for turns from other threads for as long as it is likely to pay.
  private boolean somethingComes() {
    long nanos = patience.nanos();
    if (nanos == 0) {
      return false;
    }
    long start = System.nanoTime();
    do {
      Thread.onSpinWait();
      if (top != BUSY) {
        patience.paid();
        return true;
      }
    } while (System.nanoTime() - start < nanos);
    patience.failed();
    return false;
  }

  private void takeIn() {
    Node taken = (Node) TOP.getAndSet(this, BUSY);
    Node first = null;
    while (taken != null && taken != BUSY) {
      Node next = taken.next;
      taken.next = first;
      first = taken;
      taken = next;
    }
    for (; first != null; first = first.next) {
      turns.addLast(first.turn);
    }
  }
}

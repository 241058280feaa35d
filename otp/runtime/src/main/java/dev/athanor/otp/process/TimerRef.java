package dev.athanor.otp.process;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A timer that sends a message: once, or at a fixed rate. Cancel it with [Self#cancel] or
/// [#cancel].
public final class TimerRef implements Runnable {
  private static final int PENDING = 0;
  private static final int FIRED = 1;
  private static final int CANCELLED = 2;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(TimerRef.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// The process whose end calls this timer off; null when none does.
  private final @Nullable Cell<?> owner;

  private final Cell<?> target;
  private final Object message;
  private final long periodNanos;
  private long dueNanos;
  private volatile int state;
  private volatile Scheduler.@Nullable Cancellable handle;

  private TimerRef(
      @Nullable Cell<?> owner, Cell<?> target, Object message, long periodNanos, long dueNanos) {
    this.owner = owner;
    this.target = target;
    this.message = message;
    this.periodNanos = periodNanos;
    this.dueNanos = dueNanos;
  }

  static TimerRef start(
      @Nullable Cell<?> owner, Cell<?> target, Object message, long delayNanos, long periodNanos) {
    Scheduler scheduler = target.node().scheduler();
    TimerRef timer =
        new TimerRef(owner, target, message, periodNanos, scheduler.nanoTime() + delayNanos);
    timer.handle = scheduler.schedule(delayNanos, timer);
    return timer;
  }

  /// Calls it off, from any thread. A message that was sent already stays.
  ///
  /// @return whether it was still pending
  public boolean cancel() {
    if (!STATE.compareAndSet(this, PENDING, CANCELLED)) {
      return false;
    }
    Scheduler.Cancellable current = handle;
    if (current != null) {
      current.cancel();
    }
    return true;
  }

  /// Called by the scheduler when it is due; not for others.
  @Override
  public void run() {
    if (periodNanos == 0) {
      if (STATE.compareAndSet(this, PENDING, FIRED)) {
        target.push(new Ring(this));
      }
    } else if (state == PENDING) {
      if (target.push(new Ring(this))) {
        Scheduler scheduler = target.node().scheduler();
        dueNanos += periodNanos;
        handle = scheduler.schedule(dueNanos - scheduler.nanoTime(), this);
        if (state == CANCELLED) {
          handle.cancel();
        }
      } else if (cancel() && owner != null) {
        owner.push(new Over(this));
      }
    }
  }

  /// The message on its way. An object of its own, for the timer may be sent as a message itself.
  private static final class Ring extends Control {
    private final TimerRef timer;

    Ring(TimerRef timer) {
      this.timer = timer;
    }

    @Override
    @Nullable Object arrive(Cell<?> cell) {
      if (timer.owner == cell && timer.periodNanos == 0) {
        Extras extras = cell.extras();
        extras.timers = RefSet.remove(extras.timers, timer);
      }
      return timer.message;
    }
  }

  /// The receiver of an interval is gone: its owner need not call it off any more.
  private static final class Over extends Control {
    private final TimerRef timer;

    Over(TimerRef timer) {
      this.timer = timer;
    }

    @Override
    @Nullable Object arrive(Cell<?> cell) {
      Extras extras = cell.extras();
      extras.timers = RefSet.remove(extras.timers, timer);
      return null;
    }
  }
}

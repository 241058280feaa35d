package dev.athanor.otp.process;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What a process may ask of itself, and what each request means for links, monitors and timers.
/// The part of [Cell] without fields; everything here runs in a turn of the process.
abstract class SelfCalls<M> extends Pid<M> implements Self<M> {
  SelfCalls(long id) {
    super(id);
  }

  /// The same object as what it always is.
  abstract Cell<M> cell();

  abstract Extras extras();

  abstract boolean push(Object payload);

  abstract boolean trapsExit();

  abstract void setTrapExit(boolean trap);

  abstract boolean removeLink(Cell<?> other);

  abstract void end(ExitReason reason);

  /// Sends where messages are checked, counted, or both.
  Outcome sendGuarded(Object message) {
    node().messageTypes().check(this, Objects.requireNonNull(message, Mailbox.NOTHING));
    Bound bound = extras().bound;
    if (bound != null && !(message instanceof Undelivered special && !special.counts())) {
      return bound.send(cell(), message);
    }
    if (push(message)) {
      return Outcome.SENT;
    }
    Exits.undelivered(cell(), message, ExitReason.NO_PROCESS);
    return Outcome.DEAD;
  }

  @Override
  public Pid<M> pid() {
    return this;
  }

  @Override
  public <X> Pid<X> spawnLink(Behavior<X> child, SpawnOptions options) {
    check();
    Cell<X> cell = node().make(child, options);
    Extras own = extras();
    own.links = RefSet.add(own.links, cell);
    cell.extras().links = cell();
    cell.launch();
    return cell;
  }

  @Override
  public <X> Monitored<X> spawnMonitor(Behavior<X> child, SpawnOptions options) {
    check();
    Cell<X> cell = node().make(child, options);
    MonitorRef ref = new MonitorRef(cell(), cell);
    Extras own = extras();
    own.monitors = RefSet.add(own.monitors, ref);
    cell.extras().watchers = ref;
    cell.launch();
    return new Monitored<>(cell, ref);
  }

  @Override
  public void link(Pid<?> other) {
    check();
    Cell<?> cell = (Cell<?>) other;
    Extras own = extras();
    if (cell != this && !RefSet.contains(own.links, cell)) {
      own.unlinked(cell, null);
      own.links = RefSet.add(own.links, cell);
      cell.pushOrRefuse(new Signals.Link(cell()));
    }
  }

  @Override
  public void unlink(Pid<?> other) {
    check();
    Cell<?> cell = (Cell<?>) other;
    if (removeLink(cell)) {
      Signals.Unlink request = new Signals.Unlink(cell());
      extras().awaitUnlink(cell, request);
      cell.pushOrRefuse(request);
    }
  }

  @Override
  public MonitorRef monitor(Pid<?> other) {
    check();
    Cell<?> cell = (Cell<?>) other;
    MonitorRef ref = new MonitorRef(cell(), cell);
    if (cell != this) {
      Extras own = extras();
      own.monitors = RefSet.add(own.monitors, ref);
      cell.pushOrRefuse(new Signals.Monitor(ref));
    }
    return ref;
  }

  @Override
  public boolean demonitor(MonitorRef ref, boolean flush) {
    check();
    if (ref.watcher() != this) {
      throw new IllegalArgumentException(
          ref + " belongs to " + ref.watcher() + "; only that process can take it back");
    }
    if (flush) {
      ref.flush();
    }
    Extras own = extras();
    if (!RefSet.contains(own.monitors, ref)) {
      return false;
    }
    own.monitors = RefSet.remove(own.monitors, ref);
    ref.target().push(new Signals.Demonitor(ref));
    return true;
  }

  @Override
  public boolean trapExit(boolean trap) {
    check();
    boolean before = trapsExit();
    setTrapExit(trap);
    return before;
  }

  @Override
  public void exit(ExitReason reason) {
    check();
    end(reason);
  }

  @Override
  public void exit(Pid<?> target, ExitReason reason) {
    check();
    ((Cell<?>) target).signal(new Signals.Exit(cell(), reason, Signals.Exit.Via.REQUEST));
  }

  @Override
  public <X> TimerRef sendAfter(Duration delay, Pid<? super X> target, X message) {
    check();
    return timer(target, message, Node.nanos(delay), 0);
  }

  @Override
  public <X> TimerRef sendInterval(Duration period, Pid<? super X> target, X message) {
    check();
    long nanos = Node.nanos(period);
    if (nanos == 0) {
      throw new IllegalArgumentException("an interval needs a period above zero, got " + period);
    }
    return timer(target, message, nanos, nanos);
  }

  private TimerRef timer(Pid<?> target, Object message, long delayNanos, long periodNanos) {
    boolean mine = target.equals(this) || periodNanos > 0;
    TimerRef timer =
        TimerRef.start(mine ? cell() : null, (Cell<?>) target, message, delayNanos, periodNanos);
    if (mine) {
      Extras own = extras();
      own.timers = RefSet.add(own.timers, timer);
    }
    return timer;
  }

  @Override
  public boolean cancel(TimerRef timer) {
    check();
    Extras own = extras();
    own.timers = RefSet.remove(own.timers, timer);
    return timer.cancel();
  }

  @Override
  public void register(String name) {
    check();
    node().register(name, this);
  }

  @Override
  public <T extends @Nullable Object> void await(
      CompletionStage<T> stage,
      BiConsumer<? super @Nullable T, ? super @Nullable Throwable> continuation) {
    check();
    stage.whenComplete(
        (value, failure) ->
            push(
                new Signals.Continuation<T>(
                    continuation,
                    value,
                    failure instanceof CompletionException wrapped && wrapped.getCause() != null
                        ? wrapped.getCause()
                        : failure)));
  }

  private void check() {
    if (Carrier.current().cell != this) {
      throw new IllegalStateException(
          this
              + " was asked for something only it may do, outside its own callbacks; send it a"
              + " message instead");
    }
  }
}

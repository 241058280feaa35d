package dev.athanor.otp.testing;

import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A scheduler that runs every process on the thread of the test, one turn at a time, in virtual
/// time. Which of the waiting turns comes next is chosen by a seed; the same seed gives the same
/// run.
///
/// Nothing happens until the test asks for it: [#runUntilIdle] runs every turn that can run now,
/// [#advance] moves the clock and fires timers on the way. All methods must be called from one
/// thread; they may not be called from inside a process.
///
/// A failing run is repeated exactly by its seed as long as the code under test takes time and
/// chance from here ([#nanoTime], [#random]), starts no threads, and lets nothing depend on
/// identity hash codes (the order of a HashSet of objects without hashCode, for instance). [Seeds]
/// tries many seeds and tells which one failed. Whatever runs here must not block, work of tasks
/// included: there is no other thread to wait for.
public final class DeterministicScheduler implements Scheduler {
  /// More turns than this without idling count as a system that never comes to rest.
  private static final int TURNS_LIMIT = 10_000_000;

  private final Random random;
  private final Random chance;
  private final long seed;
  private final Map<Kind, Lane> lanes = new EnumMap<>(Kind.class);
  private final List<Task> ready = new ArrayList<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          Comparator.comparingLong((Timer timer) -> timer.dueNanos)
              .thenComparingLong(timer -> timer.sequence));
  private long now;
  private long sequence;
  private long turns;
  private @Nullable Kind running;
  private @Nullable Runnable afterTurn;

  /// A scheduler whose interleaving is chosen by the seed.
  ///
  /// @param seed any number; print it when a test fails
  public DeterministicScheduler(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
    this.chance = new Random(~seed);
    for (Kind kind : Kind.values()) {
      lanes.put(kind, new OneLane(kind));
    }
  }

  /// A scheduler with the seed 0.
  public DeterministicScheduler() {
    this(0);
  }

  /// The seed it was made with.
  ///
  /// @return the seed
  public long seed() {
    return seed;
  }

  /// Chance for the code under test and for faults, determined by the seed, and independent of the
  /// chance that chooses turns.
  ///
  /// @return the same generator every time
  public Random random() {
    return chance;
  }

  /// How many turns have run so far.
  ///
  /// @return the count
  public long turns() {
    return turns;
  }

  /// Calls a check after every turn: an invariant that holds at every step.
  ///
  /// @param check what to run; throws when the invariant is broken; null for none
  public void afterEachTurn(@Nullable Runnable check) {
    afterTurn = check;
  }

  /// Runs one of the turns that wait, chosen by the seed.
  ///
  /// @return false when none waits
  public boolean step() {
    if (running != null) {
      throw new IllegalStateException("the deterministic scheduler was called from a process");
    }
    if (ready.isEmpty()) {
      return false;
    }
    int chosen = random.nextInt(ready.size());
    Task task = ready.remove(chosen);
    running = task.kind();
    try {
      task.turn().run();
    } finally {
      running = null;
    }
    turns++;
    if (afterTurn != null) {
      afterTurn.run();
    }
    return true;
  }

  /// Runs turns until none waits; the clock stands still.
  public void runUntilIdle() {
    fireDue();
    for (int i = 0; step(); i++) {
      if (i == TURNS_LIMIT) {
        throw new IllegalStateException(
            "no rest after "
                + TURNS_LIMIT
                + " turns (seed "
                + seed
                + "): do processes keep"
                + " sending each other messages for ever?");
      }
      fireDue();
    }
  }

  /// Runs until idle, then moves the clock, stopping at every timer on the way to run until idle
  /// again.
  ///
  /// @param duration how far
  public void advance(Duration duration) {
    long end = now + duration.toNanos();
    runUntilIdle();
    while (true) {
      Timer next = nextTimer();
      if (next == null || next.dueNanos > end) {
        break;
      }
      now = Math.max(now, next.dueNanos);
      runUntilIdle();
    }
    now = end;
    runUntilIdle();
  }

  /// Runs, and moves the clock from timer to timer, until the condition holds.
  ///
  /// @param condition what to wait for
  /// @throws IllegalStateException when nothing can happen any more and it still does not hold
  public void runUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      fireDue();
      if (!step() && !condition.getAsBoolean()) {
        Timer next = nextTimer();
        if (next == null) {
          throw new IllegalStateException(
              "nothing left to happen and the condition does not hold (seed " + seed + ")");
        }
        now = Math.max(now, next.dueNanos);
      }
    }
  }

  /// Runs, and moves the clock from timer to timer, until the condition holds or the time is over;
  /// then the clock has moved by that time.
  ///
  /// @param condition what to wait for
  /// @param within how much virtual time
  /// @return whether the condition holds
  public boolean runUntil(BooleanSupplier condition, Duration within) {
    long end = now + within.toNanos();
    while (!condition.getAsBoolean()) {
      fireDue();
      if (!step()) {
        Timer next = nextTimer();
        if (next == null || next.dueNanos > end) {
          now = Math.max(now, end);
          return condition.getAsBoolean();
        }
        now = Math.max(now, next.dueNanos);
      }
    }
    return true;
  }

  /// Runs until the stage has completed and returns its value.
  ///
  /// @param stage what to wait for
  /// @param <T> the type of the value
  /// @return the value
  /// @throws RuntimeException what the stage failed with, wrapped when it is checked
  public <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    var future = stage.toCompletableFuture();
    runUntil(future::isDone);
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  @Override
  public Lane lane(Kind kind) {
    return Objects.requireNonNull(lanes.get(kind));
  }

  @Override
  public Cancellable schedule(long delayNanos, Runnable task) {
    Timer timer = new Timer(now + Math.max(0, delayNanos), sequence++, task);
    timers.add(timer);
    return timer;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public boolean onEventLoop() {
    return running == Kind.EVENT_LOOP;
  }

  private void fireDue() {
    for (Timer next = nextTimer(); next != null && next.dueNanos <= now; next = nextTimer()) {
      timers.remove();
      next.task.run();
    }
  }

  private @Nullable Timer nextTimer() {
    Timer next = timers.peek();
    while (next != null && next.cancelled) {
      timers.remove();
      next = timers.peek();
    }
    return next;
  }

  private record Task(Kind kind, Runnable turn) {}

  private final class OneLane implements Lane {
    private final Kind kind;

    private OneLane(Kind kind) {
      this.kind = kind;
    }

    @Override
    public Kind kind() {
      return kind;
    }

    @Override
    public boolean isCurrent() {
      return running == kind && kind == Kind.EVENT_LOOP;
    }

    @Override
    public void execute(Runnable turn) {
      ready.add(new Task(kind, turn));
    }
  }

  private static final class Timer implements Cancellable {
    private final long dueNanos;
    private final long sequence;
    private final Runnable task;
    private boolean cancelled;

    private Timer(long dueNanos, long sequence, Runnable task) {
      this.dueNanos = dueNanos;
      this.sequence = sequence;
      this.task = task;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}

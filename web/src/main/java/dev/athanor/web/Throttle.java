package dev.athanor.web;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/// Holds back whoever asks too often: so many requests at once, then so many a second. Its memory
/// is fixed, however many ask: those whose names fall into the same of 8,192 slots share an
/// allowance, which only shows when both are busy. Any thread; nobody waits.
public final class Throttle {
  private static final int SLOTS = 8_192;

  /// For each slot the time up to which its allowance is used (the generic cell rate algorithm).
  private final AtomicLongArray usedUpTo = new AtomicLongArray(SLOTS);

  private final long intervalNanos;
  private final long burstNanos;
  private final LongSupplier clock;

  /// With an allowance.
  ///
  /// @param perSecond how many a second in the long run, at least 1
  /// @param burst how many at once, at least 1
  public Throttle(int perSecond, int burst) {
    this(perSecond, burst, System::nanoTime);
  }

  Throttle(int perSecond, int burst, LongSupplier clock) {
    if (perSecond < 1 || burst < 1) {
      throw new IllegalArgumentException(
          "expected at least 1 a second and 1 at once, got " + perSecond + " and " + burst);
    }
    this(Duration.ofSeconds(1).dividedBy(perSecond), burst, clock);
  }

  /// With an allowance that grows more slowly.
  ///
  /// @param interval how long one takes to grow again
  /// @param burst how many at once, at least 1
  public Throttle(Duration interval, int burst) {
    this(interval, burst, System::nanoTime);
  }

  private Throttle(Duration interval, int burst, LongSupplier clock) {
    this.intervalNanos = interval.toNanos();
    this.burstNanos = intervalNanos * burst;
    this.clock = clock;
    long now = clock.getAsLong();
    for (int i = 0; i < SLOTS; i++) {
      usedUpTo.set(i, now);
    }
  }

  /// Uses one of the allowance of whoever has this name.
  ///
  /// @return 0 when there was one, else after how many seconds there is one, at least 1
  public int take(Object who) {
    int hash = who.hashCode() * 0x9E3779B9;
    int slot = (hash >>> 16) & (SLOTS - 1);
    while (true) {
      long now = clock.getAsLong();
      long used = usedUpTo.get(slot);
      long ahead = Math.max(0, used - now) + intervalNanos;
      if (ahead > burstNanos) {
        return (int) Duration.ofNanos(ahead - burstNanos).toSeconds() + 1;
      }
      if (usedUpTo.compareAndSet(slot, used, now + ahead)) {
        return 0;
      }
    }
  }
}

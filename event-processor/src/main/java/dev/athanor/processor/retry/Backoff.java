package dev.athanor.processor.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// A growing delay between attempts: it doubles with every failure in a row, up to a limit, and a
/// random part of it is taken off so that those who failed together do not come back together.
///
/// Immutable; any thread may use it if its source of randomness allows that.
///
/// @param first the delay after the first failure, more than zero
/// @param limit the longest delay, at least `first`
/// @param spread the largest part of a delay that may be taken off, 0 (none) to 1 (all)
public record Backoff(Duration first, Duration limit, double spread) {

  /// From 100 ms to 15 s, up to half of it taken off: for a database that may be restarting.
  public static final Backoff DATABASE =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(15), 0.5);

  /// Rejects delays that do not grow and a spread that is not a part.
  public Backoff {
    if (!first.isPositive()) {
      throw new IllegalArgumentException("first: expected more than zero, got " + first);
    }
    if (limit.compareTo(first) < 0) {
      throw new IllegalArgumentException("limit: expected at least " + first + ", got " + limit);
    }
    if (!(spread >= 0 && spread <= 1)) {
      throw new IllegalArgumentException("spread: expected 0 to 1, got " + spread);
    }
  }

  /// How long to wait now.
  ///
  /// @param failures how often in a row it has failed, at least 1
  /// @param random what the spread is drawn from
  public Duration delay(int failures, RandomGenerator random) {
    if (failures < 1) {
      throw new IllegalArgumentException("failures: expected at least 1, got " + failures);
    }
    int doublings = Math.min(failures - 1, 40);
    double full = Math.min((double) limit.toNanos(), first.toNanos() * Math.pow(2, doublings));
    return Duration.ofNanos(Math.round(full * (1 - spread * random.nextDouble())));
  }
}

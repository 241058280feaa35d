package dev.athanor.processor.webpush;

import dev.athanor.processor.retry.Backoff;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The push services that are in trouble, by origin: each rests for a delay that doubles from a
/// second to a minute with every failure in a row. After a rest one push a second asks whether it
/// is back, until one is answered. Any thread.
final class Origins {
  private static final Backoff REST =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), 0.5);
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
  private static final int MOST = 1_000;

  private final RandomGenerator random;

  /// The ones used longest ago first; guarded by this.
  private final Map<String, Trouble> known = new LinkedHashMap<>(16, 0.75f, true);

  Origins(RandomGenerator random) {
    this.random = random;
  }

  private record Trouble(int failures, long untilNanos) {}

  /// Whether an origin may be asked.
  ///
  /// @param rest how long to wait before that; zero to ask now
  /// @param failures how often in a row it has failed
  record Leave(Duration rest, int failures) {}

  synchronized Leave ask(String origin, long nowNanos) {
    Trouble trouble = known.get(origin);
    if (trouble == null) {
      return new Leave(Duration.ZERO, 0);
    }
    long left = trouble.untilNanos() - nowNanos;
    if (left > 0) {
      return new Leave(Duration.ofNanos(left), trouble.failures());
    }
    known.put(origin, new Trouble(trouble.failures(), nowNanos + ASK_AGAIN.toNanos()));
    return new Leave(Duration.ZERO, trouble.failures());
  }

  /// It did not answer, or answered that it is in trouble. Those who asked side by side count once.
  ///
  /// @param leave what it was asked with
  /// @param wait how long it wants to be left alone; zero when it does not say
  /// @return how long it rests
  synchronized Duration failed(String origin, Leave leave, Duration wait, long nowNanos) {
    Trouble trouble = known.get(origin);
    if (trouble != null && trouble.failures() != leave.failures()) {
      return Duration.ofNanos(Math.max(0, trouble.untilNanos() - nowNanos));
    }
    int failures = leave.failures() + 1;
    Duration rest = REST.delay(failures, random).plus(wait);
    known.put(origin, new Trouble(failures, nowNanos + rest.toNanos()));
    if (known.size() > MOST) {
      known.remove(known.keySet().iterator().next());
    }
    return rest;
  }

  /// It is there.
  synchronized void answered(String origin) {
    known.remove(origin);
  }
}

package dev.athanor.otp.testing;

import java.time.Duration;
import java.util.function.LongConsumer;

/// Tries a property with one seed after another, and tells which seed broke it.
///
/// A failure names its seed and how to repeat it: with the system property `athanor.seed` set to
/// that number, nothing but that seed is tried, wherever [#within] or [#times] is used. With
/// `athanor.seeds.first` the series begins elsewhere than at 1, and `athanor.seeds.seconds`
/// replaces the time budget of [#within], for a run over night.
///
/// ```
/// ./mvnw -pl otp/testing -Dtest=SupervisionTreePropertyTest -Dathanor.seed=4711 test
/// ```
public final class Seeds {
  private static final String ONE = "athanor.seed";
  private static final String FIRST = "athanor.seeds.first";
  private static final String SECONDS = "athanor.seeds.seconds";

  private Seeds() {}

  /// Tries seeds until the time is over, at least one.
  ///
  /// @param budget how much real time
  /// @param property throws when it does not hold
  /// @return how many seeds were tried
  /// @throws AssertionError when it does not hold for a seed
  public static int within(Duration budget, LongConsumer property) {
    Long seconds = Long.getLong(SECONDS);
    Duration wanted = seconds == null ? budget : Duration.ofSeconds(seconds);
    long end = System.nanoTime() + wanted.toNanos();
    Long only = Long.getLong(ONE);
    if (only != null) {
      check(only, property);
      return 1;
    }
    int tried = 0;
    long seed = Long.getLong(FIRST, 1);
    do {
      check(seed++, property);
      tried++;
    } while (System.nanoTime() - end < 0);
    return tried;
  }

  /// Tries so many seeds.
  ///
  /// @param count how many
  /// @param property throws when it does not hold
  /// @throws AssertionError when it does not hold for a seed
  public static void times(int count, LongConsumer property) {
    Long only = Long.getLong(ONE);
    if (only != null) {
      check(only, property);
      return;
    }
    long first = Long.getLong(FIRST, 1);
    for (long seed = first; seed < first + count; seed++) {
      check(seed, property);
    }
  }

  private static void check(long seed, LongConsumer property) {
    try {
      property.accept(seed);
    } catch (RuntimeException | AssertionError broken) {
      throw new AssertionError(
          "seed "
              + seed
              + " breaks the property; repeat it with -D"
              + ONE
              + "="
              + seed
              + ": "
              + broken.getMessage(),
          broken);
    }
  }
}

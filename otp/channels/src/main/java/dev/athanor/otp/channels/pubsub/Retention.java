package dev.athanor.otp.channels.pubsub;

import java.time.Duration;

/// How much of a topic is kept for those who come back. Whichever bound is reached first counts.
///
/// @param size how many events
/// @param age for how long
public record Retention(int size, Duration age) {
  /// Refuses to keep nothing.
  public Retention {
    if (size < 1) {
      throw new IllegalArgumentException("expected a size of at least 1, got " + size);
    }
    if (age.compareTo(Duration.ofMillis(1)) < 0) {
      throw new IllegalArgumentException("expected an age above zero, got " + age);
    }
  }
}

package dev.athanor.otp.supervisor;

import java.time.Duration;

/// How a supervisor stops a child.
public sealed interface Shutdown {
  /// Kills it at once.
  record Brutal() implements Shutdown {}

  /// Asks it to stop, and kills it when it has not within the limit.
  ///
  /// @param limit how long it may take
  record Within(Duration limit) implements Shutdown {
    /// Refuses a negative limit.
    public Within {
      if (limit.isNegative()) {
        throw new IllegalArgumentException("a shutdown takes zero or more time, got " + limit);
      }
    }
  }

  /// Asks it to stop and waits: right for supervisors, whose children have limits of their own.
  record Infinite() implements Shutdown {}

  /// Kills it at once (`brutal_kill`).
  ///
  /// @return the shutdown
  static Shutdown brutal() {
    return new Brutal();
  }

  /// Asks it to stop, with a limit.
  ///
  /// @param limit how long it may take
  /// @return the shutdown
  static Shutdown within(Duration limit) {
    return new Within(limit);
  }

  /// Asks it to stop and waits (`infinity`).
  ///
  /// @return the shutdown
  static Shutdown infinite() {
    return new Infinite();
  }
}

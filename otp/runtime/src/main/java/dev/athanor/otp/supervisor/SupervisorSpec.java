package dev.athanor.otp.supervisor;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// What a supervisor does: its children in the order of their start, and how it restarts them.
///
/// @param strategy whom to restart when one child has to be
/// @param intensity how many restarts within the period are too many if exceeded; 3 by default
/// @param period the period; 5 seconds by default
/// @param autoShutdown whether the end of significant children ends the supervisor
/// @param children the children in the order of their start
public record SupervisorSpec(
    Strategy strategy,
    int intensity,
    Duration period,
    AutoShutdown autoShutdown,
    List<ChildSpec> children) {
  /// Checks that this can work: unique ids, an intensity of at least 0, a period above zero, no
  /// significant children without auto-shutdown.
  public SupervisorSpec {
    children = List.copyOf(children);
    Objects.requireNonNull(strategy, "strategy");
    Objects.requireNonNull(autoShutdown, "autoShutdown");
    if (intensity < 0) {
      throw new IllegalArgumentException("intensity must be 0 or more, got " + intensity);
    }
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException("period must be above zero, got " + period);
    }
    Set<Object> ids = new HashSet<>();
    for (ChildSpec child : children) {
      if (!ids.add(child.id())) {
        throw new IllegalArgumentException(
            "two children have the id '"
                + child.id()
                + "'; the ids of one supervisor's children must differ, give one of them another");
      }
      checkSignificance(child, autoShutdown);
    }
  }

  static void checkSignificance(ChildSpec child, AutoShutdown autoShutdown) {
    if (child.significant() && autoShutdown == AutoShutdown.NEVER) {
      throw new IllegalArgumentException(
          "child '"
              + child.id()
              + "' is significant, but its supervisor never shuts down for"
              + " that; set autoShutdown or make the child ordinary");
    }
  }

  /// A supervisor with the default intensity.
  ///
  /// @param strategy whom to restart
  /// @param children the children in the order of their start
  /// @return the spec
  public static SupervisorSpec of(Strategy strategy, List<ChildSpec> children) {
    return new SupervisorSpec(strategy, 3, Duration.ofSeconds(5), AutoShutdown.NEVER, children);
  }

  /// A supervisor with the default intensity.
  ///
  /// @param strategy whom to restart
  /// @param children the children in the order of their start
  /// @return the spec
  public static SupervisorSpec of(Strategy strategy, ChildSpec... children) {
    return of(strategy, List.of(children));
  }

  /// The same with another intensity.
  ///
  /// @param restarts how many restarts it tolerates
  /// @param within in what time
  /// @return the spec
  public SupervisorSpec intensity(int restarts, Duration within) {
    return new SupervisorSpec(strategy, restarts, within, autoShutdown, children);
  }

  /// The same with children that can be significant.
  ///
  /// @param value when their end ends the supervisor
  /// @param significant the children, replacing those before
  /// @return the spec
  public SupervisorSpec autoShutdown(AutoShutdown value, ChildSpec... significant) {
    return new SupervisorSpec(
        strategy,
        intensity,
        period,
        value,
        significant.length == 0 ? children : List.of(significant));
  }
}

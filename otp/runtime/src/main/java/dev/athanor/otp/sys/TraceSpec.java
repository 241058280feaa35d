package dev.athanor.otp.sys;

import dev.athanor.otp.process.Behavior.What;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a trace wants, and when it ends by itself.
///
/// @param limit how many events at most, of all processes together; at least 1
/// @param time how long at most; null for no limit of time
/// @param kinds which events count
public record TraceSpec(int limit, @Nullable Duration time, Set<What> kinds) {
  /// Refuses a trace without a limit.
  public TraceSpec {
    if (limit < 1) {
      throw new IllegalArgumentException("a trace needs a limit of at least 1 event, got " + limit);
    }
    if (time != null && !time.isPositive()) {
      throw new IllegalArgumentException("a trace needs a time above zero, got " + time);
    }
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("a trace needs at least one kind of event, got none");
    }
    kinds = Set.copyOf(kinds);
  }

  /// All kinds of events, without a limit of time.
  ///
  /// @param limit how many events at most
  /// @return the spec
  public static TraceSpec events(int limit) {
    return new TraceSpec(limit, null, EnumSet.allOf(What.class));
  }

  /// The same for a limited time.
  ///
  /// @param value how long at most
  /// @return the spec
  public TraceSpec within(Duration value) {
    return new TraceSpec(limit, value, kinds);
  }

  /// The same for some kinds of events only.
  ///
  /// @param wanted which
  /// @return the spec
  public TraceSpec only(What... wanted) {
    return new TraceSpec(limit, time, Set.copyOf(List.of(wanted)));
  }
}

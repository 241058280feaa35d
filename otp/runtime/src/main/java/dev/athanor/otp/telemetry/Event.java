package dev.athanor.otp.telemetry;

import java.util.Map;

/// One thing that happened: a dotted name, what was measured, and what it was about.
///
/// Names are lower case and dotted, from the general to the particular, for instance
/// `athanor.process.crashed`. Measurements are numbers (durations in nanoseconds); metadata is
/// anything a handler may want to look at. Both maps must not be changed after construction.
///
/// Corresponds to the arguments of `:telemetry.execute/3`.
///
/// @param name the dotted name, never blank
/// @param measurements numbers by name
/// @param metadata context by name
public record Event(
    String name, Map<String, ? extends Number> measurements, Map<String, ?> metadata) {

  /// Refuses a blank name.
  public Event {
    if (name.isBlank()) {
      throw new IllegalArgumentException("an event needs a dotted name, got a blank one");
    }
  }

  /// An event without measurements.
  ///
  /// @param name the dotted name
  /// @param metadata context by name
  /// @return the event
  public static Event of(String name, Map<String, ?> metadata) {
    return new Event(name, Map.of(), metadata);
  }
}

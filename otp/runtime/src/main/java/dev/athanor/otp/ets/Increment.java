package dev.athanor.otp.ets;

import java.util.function.ToLongFunction;

/// A step of one number inside a table's values: how to read it, how to make a value with another
/// one, by how much it grows, and where it wraps (the UpdateOp of ets:update_counter).
///
/// ```java
/// record Score(long home, long away) { Score withHome(long n) { return new Score(n, away); } }
/// scores.updateCounter("final", Increment.of(Score::home, Score::withHome).by(1));
/// ```
///
/// @param read reads the number
/// @param write makes a value with another number
/// @param by what is added, 1 by default; may be negative
/// @param wraps whether the threshold counts
/// @param threshold a result beyond it (above for a positive step, below for a negative one) is
///   replaced by `reset`
/// @param reset what a wrapped number becomes
public record Increment<V>(
    ToLongFunction<? super V> read,
    Write<V> write,
    long by,
    boolean wraps,
    long threshold,
    long reset) {

  /// A step of one on the number that the two functions read and write.
  public static <V> Increment<V> of(ToLongFunction<? super V> read, Write<V> write) {
    return new Increment<>(read, write, 1, false, 0, 0);
  }

  /// A step of one of a value that is itself the number.
  public static Increment<Long> ofLong() {
    return of(Long::longValue, (value, number) -> number);
  }

  /// The same with another step.
  public Increment<V> by(long step) {
    return new Increment<>(read, write, step, wraps, threshold, reset);
  }

  /// The same, but a result beyond the threshold becomes `reset`.
  public Increment<V> wrapping(long threshold, long reset) {
    return new Increment<>(read, write, by, true, threshold, reset);
  }

  long after(V value) {
    long next = Math.addExact(read.applyAsLong(value), by);
    return wraps && (by >= 0 ? next > threshold : next < threshold) ? reset : next;
  }

  /// Makes a value that differs from the given one in one number.
  @FunctionalInterface
  public interface Write<V> {
    /// The value with the number in place of the old one.
    V with(V value, long number);
  }
}

package dev.athanor.domain.content;

import org.jspecify.annotations.Nullable;

/// A field of a change: left out, or given a new value, where null means cleared. It keeps apart
/// what JSON keeps apart: `{}` and `{"summary":null}`.
///
/// @param <T> the value's type
public sealed interface Field<T> {
  /// The field was left out: it stays as it is.
  static <T> Field<T> absent() {
    return new Absent<>();
  }

  /// The field was given: a value, or null to clear it.
  static <T> Field<T> of(@Nullable T value) {
    return new Given<>(value);
  }

  /// The new value, or the current one when the field was left out.
  default @Nullable T over(@Nullable T current) {
    return switch (this) {
      case Absent<T> _ -> current;
      case Given<T>(var value) -> value;
    };
  }

  /// Left out.
  record Absent<T>() implements Field<T> {}

  /// Given.
  ///
  /// @param value the new value; null clears
  record Given<T>(@Nullable T value) implements Field<T> {}
}

package dev.athanor.domain.validation;

import java.util.Objects;

/// One thing that is wrong with one field of an input: where, what was expected, what was got. It
/// is shown to people as it stands, so both texts are short phrases without a full stop.
///
/// @param field the input's own name of the field, with an index where it is a list: `streams[2]`
/// @param expected what would have been accepted: `at most 280 characters`
/// @param got what came instead: `312 characters`, `nothing`
public record FieldError(String field, String expected, String got) {
  private static final int LONGEST_QUOTE = 60;

  /// Refuses nulls.
  public FieldError {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(got, "got");
  }

  /// The value in double quotes, cut after 60 characters, so that an error never repeats a whole
  /// body.
  public static String quote(String value) {
    if (value.codePointCount(0, value.length()) <= LONGEST_QUOTE) {
      return '"' + value + '"';
    }
    return '"' + value.substring(0, value.offsetByCodePoints(0, LONGEST_QUOTE)) + "…\"";
  }

  @Override
  public String toString() {
    return field + ": expected " + expected + ", got " + got;
  }
}

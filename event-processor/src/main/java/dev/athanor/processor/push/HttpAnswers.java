package dev.athanor.processor.push;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/// Reads what HTTP answers say about coming again.
public final class HttpAnswers {
  private static final Duration LONGEST = Duration.ofHours(1);

  private HttpAnswers() {}

  /// The time a `Retry-After` header asks for, in seconds or as a date: at most an hour, and zero
  /// when there is none or it makes no sense.
  public static Duration retryAfter(@Nullable String header, Instant now) {
    if (header == null) {
      return Duration.ZERO;
    }
    Duration asked;
    try {
      asked =
          header.matches("[0-9]{1,9}")
              ? Duration.ofSeconds(Long.parseLong(header))
              : Duration.between(
                  now,
                  ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException _) {
      return Duration.ZERO;
    }
    return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
  }
}

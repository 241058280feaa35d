package dev.athanor.cms.feeds;

import dev.athanor.domain.http.QueryParameters;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.otp.process.Name;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a feed is to be taken.
///
/// @param format the format of the file; `openfootball` is the only one there is
/// @param speed how many times faster than life, 1 to 100,000; 1 unless told
public record FeedRequest(String format, double speed) {
  private static final double SLOWEST = 1;
  private static final double FASTEST = 100_000;
  private static final List<String> KNOWN = List.of("format", "speed");

  /// Reads `format` and `speed` off a query string. A missing or unknown format, a speed out of
  /// range or another parameter is refused with 400.
  public static FeedRequest of(@Nullable String query) {
    QueryParameters parameters = QueryParameters.of(query);
    for (String name : parameters.names()) {
      if (!KNOWN.contains(name)) {
        throw unknown(name);
      }
    }
    return of(parameters.first("format"), parameters.first("speed"));
  }

  /// Reads the two values as they were sent.
  public static FeedRequest of(@Nullable String format, @Nullable String speed) {
    if (format == null || !format.equals(OpenFootball.FORMAT)) {
      throw new Refused(Problem.parameter("format", OpenFootball.FORMAT, format));
    }
    return new FeedRequest(format, speed == null ? SLOWEST : speed(speed));
  }

  private static double speed(String text) {
    if (text.matches("[0-9]{1,6}(\\.[0-9]{1,3})?")) {
      double speed = Double.parseDouble(text);
      if (speed >= SLOWEST && speed <= FASTEST) {
        return speed;
      }
    }
    throw new Refused(Problem.parameter("speed", "a number from 1 to 100000", text));
  }

  private static Refused unknown(String name) {
    String meant = Name.nearest(name, KNOWN);
    String expected = "format or speed" + (meant == null ? "" : " (did you mean " + meant + "?)");
    return new Refused(
        new Problem(
            400,
            "bad-parameter",
            "A query parameter is not known",
            "Expected " + expected + ", got " + FieldError.quote(name) + ".",
            List.of(new FieldError(name, expected, "an unknown parameter")),
            Map.of()));
  }
}

package dev.athanor.web;

import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.streams.Cursor;
import dev.athanor.domain.streams.Streams;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which page of a list a reader asks for.
///
/// @param limit 1 to 100 posts, 20 unless told
/// @param before the place to read on from; null for the newest
public record PageRequest(int limit, @Nullable Cursor before) {
  /// The number of posts a page has unless told.
  public static final int DEFAULT_LIMIT = 20;

  private static final PageRequest FIRST = new PageRequest(DEFAULT_LIMIT, null);

  /// Reads `limit` and `before` off a query string; others are not looked at. A bad limit is
  /// `Refused`, a bad cursor the domain's `BadCursor`.
  public static PageRequest of(@Nullable String query) {
    if (query == null || query.isEmpty() || query.equals("limit=20")) {
      return FIRST;
    }
    Map<String, List<String>> parameters = new QueryStringDecoder(query, false).parameters();
    String before = first(parameters, "before");
    return new PageRequest(
        limit(first(parameters, "limit")), before == null ? null : Cursor.parse(before));
  }

  /// The first value of a parameter in a query string, or null.
  public static @Nullable String parameter(@Nullable String query, String name) {
    return query == null ? null : first(new QueryStringDecoder(query, false).parameters(), name);
  }

  private static @Nullable String first(Map<String, List<String>> parameters, String name) {
    List<String> values = parameters.get(name);
    return values == null ? null : values.getFirst();
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9') && !text.isEmpty()) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= Streams.LARGEST_PAGE) {
        return limit;
      }
    }
    throw new Refused(
        Problem.parameter("limit", "a whole number from 1 to " + Streams.LARGEST_PAGE, text));
  }
}

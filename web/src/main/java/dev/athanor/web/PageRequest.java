package dev.athanor.web;

import dev.athanor.domain.http.QueryParameters;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.streams.Cursor;
import dev.athanor.domain.streams.Streams;
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
    QueryParameters parameters = QueryParameters.of(query);
    String before = parameters.first("before");
    return new PageRequest(
        limit(parameters.first("limit")), before == null ? null : Cursor.parse(before));
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

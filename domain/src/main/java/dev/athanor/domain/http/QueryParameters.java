package dev.athanor.domain.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parameters of a query string. Immutable. Quarkus answers an address that is no URI, such as
/// one with a single percent sign, with 400 before any route sees it.
public final class QueryParameters {
  private static final QueryParameters NONE = new QueryParameters(Map.of());

  private final Map<String, List<String>> values;

  private QueryParameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /// Reads a query string.
  ///
  /// @param query what stands behind the question mark, still encoded; null for nothing
  public static QueryParameters of(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return NONE;
    }
    return new QueryParameters(new QueryStringDecoder(query, false).parameters());
  }

  /// The first value of a parameter, or null.
  public @Nullable String first(String name) {
    List<String> all = values.get(name);
    return all == null ? null : all.getFirst();
  }

  /// The names there are.
  public Set<String> names() {
    return values.keySet();
  }
}

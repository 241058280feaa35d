package dev.athanor.otp.channels;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which pages may open a socket: what a browser's `Origin` header must say (`check_origin`).
///
/// A request without that header comes from no page and is let in. Others must come from the host
/// the request itself is for, from a host on the list, or from anywhere if that is chosen.
public final class Origins {
  private final boolean any;
  private final List<String> allowed;

  private Origins(boolean any, List<String> allowed) {
    this.any = any;
    this.allowed = allowed;
  }

  /// Pages of the same host only: the default.
  ///
  /// @return the rule
  public static Origins sameHost() {
    return new Origins(false, List.of());
  }

  /// Pages from anywhere: whoever visits any page lends it their cookies here.
  ///
  /// @return the rule
  public static Origins any() {
    return new Origins(true, List.of());
  }

  /// Pages of the same host and of these.
  ///
  /// @param origins each a whole origin (`https://news.example`), a host on any scheme and port
  ///   (`//news.example`), or all hosts below one (`//*.news.example`)
  /// @return the rule
  public static Origins of(String... origins) {
    for (String origin : origins) {
      if (!origin.contains("//")) {
        throw new IllegalArgumentException(
            "expected an origin as https://host, //host or //*.host, got '" + origin + "'");
      }
    }
    return new Origins(
        false, List.of(origins).stream().map(each -> each.toLowerCase(Locale.ROOT)).toList());
  }

  boolean allows(@Nullable String origin, @Nullable String host) {
    if (any || origin == null) {
      return true;
    }
    String asked = origin.toLowerCase(Locale.ROOT);
    String from = host(asked);
    if (from == null) {
      return false;
    }
    if (host != null && from.equals(host("http://" + host.toLowerCase(Locale.ROOT)))) {
      return true;
    }
    for (String rule : allowed) {
      boolean fits =
          rule.startsWith("//*.")
              ? from.endsWith(rule.substring(3))
              : rule.startsWith("//") ? from.equals(rule.substring(2)) : asked.equals(rule);
      if (fits) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String host(String url) {
    try {
      return URI.create(url).getHost();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}

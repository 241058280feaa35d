package dev.athanor.otp.channels;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which channel takes which topic. A pattern is a whole topic, or a prefix with `*` at its end; of
/// several that fit, the first declared wins, as in Phoenix.
final class Routes {
  private record Route(int order, Supplier<? extends Channel> factory) {}

  private final Map<String, Route> exact = new HashMap<>();
  private final Map<String, Route> prefixes = new LinkedHashMap<>();

  Routes(Map<String, Supplier<? extends Channel>> declared) {
    int order = 0;
    for (Map.Entry<String, Supplier<? extends Channel>> each : declared.entrySet()) {
      String pattern = each.getKey();
      Route route = new Route(order++, each.getValue());
      if (pattern.endsWith("*")) {
        prefixes.put(pattern.substring(0, pattern.length() - 1), route);
      } else {
        exact.put(pattern, route);
      }
    }
  }

  static void check(String pattern) {
    int star = pattern.indexOf('*');
    if (pattern.isBlank() || (star >= 0 && star != pattern.length() - 1)) {
      throw new IllegalArgumentException(
          "expected a topic like 'news' or a pattern with one * at its end like 'stream:*', got '"
              + pattern
              + "'");
    }
  }

  @Nullable Supplier<? extends Channel> find(String topic) {
    Route best = exact.get(topic);
    for (Map.Entry<String, Route> each : prefixes.entrySet()) {
      if (best != null && best.order() < each.getValue().order()) {
        break;
      }
      if (topic.startsWith(each.getKey())) {
        best = each.getValue();
        break;
      }
    }
    return best == null ? null : best.factory();
  }
}

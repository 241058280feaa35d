package dev.athanor.otp.channels;

import dev.athanor.otp.channels.pubsub.TopicPattern;
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

  Routes(Map<TopicPattern, Supplier<? extends Channel>> declared) {
    int order = 0;
    for (Map.Entry<TopicPattern, Supplier<? extends Channel>> each : declared.entrySet()) {
      TopicPattern pattern = each.getKey();
      Route route = new Route(order++, each.getValue());
      (pattern.isPrefix() ? prefixes : exact).put(pattern.stem(), route);
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

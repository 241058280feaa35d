package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.presence.Gossip.Item;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.server.From;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What has changed under one topic since the last diff, and who waits for the state that goes with
/// the next. Who came and went in between is not mentioned. Confined to a tracker.
final class TopicNews {
  private final Map<String, Item> joined = new LinkedHashMap<>();
  private final Map<String, Item> left = new LinkedHashMap<>();

  /// Those who have joined and want to know who is there.
  final List<From<Payload>> newcomers = new ArrayList<>();

  void join(Item item) {
    if (left.remove(item.meta().ref()) == null) {
      joined.put(item.meta().ref(), item);
    }
  }

  void leave(Item item) {
    if (joined.remove(item.meta().ref()) == null) {
      left.put(item.meta().ref(), item);
    }
  }

  boolean isEmpty() {
    return joined.isEmpty() && left.isEmpty();
  }

  int joins() {
    return joined.size();
  }

  int leaves() {
    return left.size();
  }

  Map<String, List<Meta>> joined() {
    return byKey(joined);
  }

  Map<String, List<Meta>> left() {
    return byKey(left);
  }

  private static Map<String, List<Meta>> byKey(Map<String, Item> items) {
    Map<String, List<Meta>> byKey = new LinkedHashMap<>();
    for (Item item : items.values()) {
      byKey.computeIfAbsent(item.key(), key -> new ArrayList<>(1)).add(item.meta());
    }
    return byKey;
  }
}

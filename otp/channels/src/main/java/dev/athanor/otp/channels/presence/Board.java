package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.presence.Gossip.Item;
import dev.athanor.otp.ets.Access;
import dev.athanor.otp.ets.Counters;
import dev.athanor.otp.ets.Entry;
import dev.athanor.otp.ets.MatchSpec;
import dev.athanor.otp.ets.Table;
import dev.athanor.otp.ets.TableSpec;
import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.Pid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The tables that everybody reads: who is seen where, and how many. Any thread reads; of each
/// topic one tracker writes. They belong to a process that does nothing else, so they outlive a
/// tracker that crashes, which finds its processes in them again.
final class Board {
  /// Where somebody is seen.
  private record Place(String topic, String key) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int order = topic.compareTo(other.topic);
      return order != 0 ? order : key.compareTo(other.key);
    }
  }

  /// Under what a process of this node is tracked.
  private record Holding(long pid, String topic, String key) implements Comparable<Holding> {
    @Override
    public int compareTo(Holding other) {
      int order = Long.compare(pid, other.pid);
      if (order == 0) {
        order = topic.compareTo(other.topic);
      }
      return order != 0 ? order : key.compareTo(other.key);
    }
  }

  /// An entry of a process of this node.
  record Held(Pid<?> pid, Item item) {}

  private final Table<Place, List<Meta>> seen;
  private final Table<Holding, Held> held;
  private final Counters<String> counts;

  Board(Tables tables, String name, Pid<?> owner) {
    seen =
        tables.create(
            TableSpec.<Place, List<Meta>>orderedSet(name + ".seen")
                .owner(owner)
                .access(Access.PUBLIC));
    held =
        tables.create(
            TableSpec.<Holding, Held>orderedSet(name + ".held").owner(owner).access(Access.PUBLIC));
    counts =
        Counters.create(
            tables,
            TableSpec.<String, Counters.Counter>set(name + ".counts")
                .owner(owner)
                .access(Access.PUBLIC));
  }

  // ---- reading
  // -----------------------------------------------------------------------------------

  int count(String topic) {
    return (int) counts.count(topic);
  }

  List<Meta> get(String topic, String key) {
    return seen.getOrDefault(new Place(topic, key), List.of());
  }

  Map<String, List<Meta>> list(String topic) {
    Map<String, List<Meta>> all = new LinkedHashMap<>();
    MatchSpec<Place, List<Meta>, Entry<Place, List<Meta>>> everybody = MatchSpec.all();
    var there = everybody.from(new Place(topic, "")).before(new Place(topic + '\0', ""));
    for (Entry<Place, List<Meta>> entry : seen.select(there)) {
      all.put(entry.key().key(), entry.value());
    }
    return all;
  }

  /// Everything that is seen under the topics of one tracker, without their dots.
  List<Item> seen(Presence presence, int shard) {
    List<Item> all = new ArrayList<>();
    seen.forEach(
        (place, metas) -> {
          if (presence.shard(place.topic()) == shard) {
            metas.forEach(meta -> all.add(new Item(0, place.topic(), place.key(), meta)));
          }
        });
    return all;
  }

  @Nullable Held held(Pid<?> pid, String topic, String key) {
    return held.get(new Holding(pid.id(), topic, key));
  }

  /// What this process is tracked under by any tracker.
  List<Held> held(Pid<?> pid) {
    MatchSpec<Holding, Held, Entry<Holding, Held>> everything = MatchSpec.all();
    return held.select(
        everything
            .from(new Holding(pid.id(), "", ""))
            .before(new Holding(pid.id() + 1, "", ""))
            .values());
  }

  /// What processes are tracked under by one tracker.
  List<Held> held(Presence presence, int shard) {
    List<Held> all = new ArrayList<>();
    held.forEach(
        (holding, entry) -> {
          if (presence.shard(holding.topic()) == shard) {
            all.add(entry);
          }
        });
    return all;
  }

  // ---- writing
  // -----------------------------------------------------------------------------------

  void hold(Pid<?> pid, Item item) {
    held.insert(new Holding(pid.id(), item.topic(), item.key()), new Held(pid, item));
  }

  void release(Pid<?> pid, Item item) {
    held.delete(new Holding(pid.id(), item.topic(), item.key()));
  }

  void show(Item item) {
    Place place = new Place(item.topic(), item.key());
    List<Meta> before = seen.get(place);
    seen.insert(place, with(before == null ? List.of() : before, item.meta()));
    if (before == null) {
      counts.increment(item.topic());
    }
  }

  void hide(Item item) {
    Place place = new Place(item.topic(), item.key());
    List<Meta> after = without(get(item.topic(), item.key()), item.meta().ref());
    if (!after.isEmpty()) {
      seen.insert(place, after);
    } else if (seen.delete(place) && counts.add(item.topic(), -1) == 0) {
      counts.take(item.topic());
    }
  }

  /// In one step, so that nobody is missed by who reads meanwhile.
  void swap(Item old, Item next) {
    seen.insert(
        new Place(next.topic(), next.key()),
        with(without(get(old.topic(), old.key()), old.meta().ref()), next.meta()));
  }

  private static List<Meta> with(List<Meta> metas, Meta more) {
    if (metas.isEmpty()) {
      return List.of(more);
    }
    List<Meta> all = new ArrayList<>(metas.size() + 1);
    all.addAll(metas);
    all.add(more);
    return List.copyOf(all);
  }

  private static List<Meta> without(List<Meta> metas, String ref) {
    if (metas.size() == 1 && Objects.equals(metas.getFirst().ref(), ref)) {
      return List.of();
    }
    return metas.stream().filter(meta -> !meta.ref().equals(ref)).toList();
  }
}

package dev.athanor.otp.registry;

import dev.athanor.otp.process.Pid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A group of places a key, in as many partitions as asked for: a process always goes to the same
/// one, so that processes of different partitions do not wait for each other at a popular key.
final class DuplicateDirectory<K, V> implements Directory<K, V> {

  private final List<ConcurrentHashMap<K, Group<K, V>>> partitions = new ArrayList<>();

  /// Who watches every key. Groups are made with this list's lock held, so that whoever begins to
  /// watch meets each of them once: in the walk, or made with the watch in it. Guarded by itself.
  private final List<Watch<K, V>> scope = new ArrayList<>(0);

  DuplicateDirectory(int count) {
    for (int i = 0; i < count; i++) {
      partitions.add(new ConcurrentHashMap<>());
    }
  }

  private ConcurrentHashMap<K, Group<K, V>> partition(Place<K, V> place) {
    return partitions.get((int) Long.remainderUnsigned(place.pid.id(), partitions.size()));
  }

  @Override
  public @Nullable Place<K, V> enter(Place<K, V> place) {
    ConcurrentHashMap<K, Group<K, V>> groups = partition(place);
    while (true) {
      Group<K, V> group = group(groups, place.key);
      if (group.add(place)) {
        return null;
      }
      groups.remove(place.key, group);
    }
  }

  private Group<K, V> group(ConcurrentHashMap<K, Group<K, V>> groups, K key) {
    Group<K, V> group = groups.get(key);
    if (group != null) {
      return group;
    }
    synchronized (scope) {
      return groups.computeIfAbsent(key, k -> new Group<>(scope));
    }
  }

  @Override
  public void leave(Place<K, V> place) {
    ConcurrentHashMap<K, Group<K, V>> groups = partition(place);
    Group<K, V> group = groups.get(place.key);
    if (group != null && group.remove(place)) {
      groups.remove(place.key, group);
    }
  }

  /// Lets somebody watch a key of a directory with one partition; answers who has the key.
  List<Pid<?>> watch(K key, Watch<K, V> watch) {
    ConcurrentHashMap<K, Group<K, V>> groups = partitions.getFirst();
    while (true) {
      Group<K, V> group = group(groups, key);
      List<Pid<?>> present = group.watch(watch);
      if (present != null) {
        return present;
      }
      groups.remove(key, group);
    }
  }

  /// Lets somebody watch every key of a directory with one partition; answers who has which.
  Map<K, List<Pid<?>>> watchAll(Watch<K, V> watch) {
    Map<K, List<Pid<?>>> found = new LinkedHashMap<>();
    synchronized (scope) {
      scope.add(watch);
      partitions
          .getFirst()
          .forEach(
              (key, group) -> {
                List<Pid<?>> present = group.watch(watch);
                if (present != null && !present.isEmpty()) {
                  found.put(key, present);
                }
              });
    }
    return found;
  }

  void unwatch(Watch<K, V> watch) {
    ConcurrentHashMap<K, Group<K, V>> groups = partitions.getFirst();
    K key = watch.key();
    if (key != null) {
      Group<K, V> group = groups.get(key);
      if (group != null) {
        unwatch(groups, key, group, watch);
      }
      return;
    }
    synchronized (scope) {
      scope.remove(watch);
      groups.forEach((each, group) -> unwatch(groups, each, group, watch));
    }
  }

  private void unwatch(
      ConcurrentHashMap<K, Group<K, V>> groups, K key, Group<K, V> group, Watch<K, V> watch) {
    if (group.unwatch(watch)) {
      groups.remove(key, group);
    }
  }

  @Override
  public void each(K key, Consumer<? super Place<K, V>> action) {
    for (ConcurrentHashMap<K, Group<K, V>> groups : partitions) {
      Group<K, V> group = groups.get(key);
      if (group != null) {
        group.each(action);
      }
    }
  }

  @Override
  public long count(K key) {
    long sum = 0;
    for (ConcurrentHashMap<K, Group<K, V>> groups : partitions) {
      Group<K, V> group = groups.get(key);
      sum += group == null ? 0 : group.size();
    }
    return sum;
  }

  @Override
  public void keys(Consumer<? super K> action) {
    Set<K> keys = new LinkedHashSet<>();
    for (ConcurrentHashMap<K, Group<K, V>> groups : partitions) {
      groups.forEach(
          (key, group) -> {
            if (group.size() > 0) {
              keys.add(key);
            }
          });
    }
    keys.forEach(action);
  }
}

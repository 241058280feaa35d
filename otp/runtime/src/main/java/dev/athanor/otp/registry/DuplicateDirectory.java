package dev.athanor.otp.registry;

import dev.athanor.otp.process.Pid;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A group of places a key, in as many partitions as asked for: a process always goes to the same
/// one, so that processes of different partitions do not wait for each other at a popular key.
final class DuplicateDirectory<K, V> implements Directory<K, V> {

  private final List<ConcurrentHashMap<K, Group<K, V>>> partitions = new ArrayList<>();

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
      Group<K, V> group = groups.get(place.key);
      if (group == null) {
        group = groups.computeIfAbsent(place.key, k -> new Group<>());
      }
      if (group.add(place)) {
        return null;
      }
      groups.remove(place.key, group);
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
  List<Pid<?>> watch(Watch<K, V> watch) {
    ConcurrentHashMap<K, Group<K, V>> groups = partitions.getFirst();
    while (true) {
      Group<K, V> group = groups.computeIfAbsent(watch.key(), k -> new Group<>());
      List<Pid<?>> present = group.watch(watch);
      if (present != null) {
        return present;
      }
      groups.remove(watch.key(), group);
    }
  }

  void unwatch(Watch<K, V> watch) {
    ConcurrentHashMap<K, Group<K, V>> groups = partitions.getFirst();
    Group<K, V> group = groups.get(watch.key());
    if (group != null && group.unwatch(watch)) {
      groups.remove(watch.key(), group);
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

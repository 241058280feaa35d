package dev.athanor.otp.ets;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The index of a table without an order: a ConcurrentHashMap, walked by its iterator, which shows
/// what is there all the time exactly once, whatever is written and however the map grows.
///
/// A hash map cannot tell what follows a key, its iterator can: those that [#first] and [#next]
/// left behind are kept, a few of them, with the key each came to. A walk from key to key takes its
/// own up again and so costs O(1) a step; a key at which no walk stands costs a search of the map.
final class HashIndex<K, C> extends Index<K, C> {

  private static final int NODE_BYTES = 24;
  private static final int ARRAY_BYTES = 16;
  private static final int REFERENCE_BYTES = 4;
  private static final int SMALLEST = 16;
  private static final int KEPT = 8;

  private final ConcurrentHashMap<K, Object> map;
  private final AtomicReferenceArray<@Nullable Steps<K>> kept = new AtomicReferenceArray<>(KEPT);
  private final AtomicInteger victim = new AtomicInteger();

  HashIndex() {
    this(new ConcurrentHashMap<>());
  }

  private HashIndex(ConcurrentHashMap<K, Object> map) {
    super(map);
    this.map = map;
  }

  @Override
  @SuppressWarnings("unchecked")
  @Nullable Position<K> scan(@Nullable Position<K> from, Visitor<K, C> visitor) {
    Rest<K> rest = from == null ? new Rest<>(map.entrySet().iterator()) : (Rest<K>) from;
    while (rest.entries.hasNext()) {
      Map.Entry<K, Object> entry = rest.entries.next();
      C cell = seen(entry.getValue());
      if (cell != null && !visitor.visit(entry.getKey(), cell)) {
        return rest;
      }
    }
    return null;
  }

  @Override
  @Nullable K first() {
    return step(new Steps<>(map.keySet().iterator()));
  }

  @Override
  @Nullable K next(K key) {
    if (get(key) == null) {
      throw new TableException.NoSuchKey(
          "no key " + key + ": only an ORDERED_SET knows what follows a key that it does not hold");
    }
    Steps<K> steps = takeUp(key);
    return step(steps == null ? searched(key) : steps);
  }

  private @Nullable Steps<K> takeUp(K key) {
    for (int i = 0; i < KEPT; i++) {
      Steps<K> steps = kept.get(i);
      if (steps != null && key.equals(steps.at) && kept.compareAndSet(i, steps, null)) {
        return steps;
      }
    }
    return null;
  }

  private Steps<K> searched(K key) {
    Steps<K> steps = new Steps<>(map.keySet().iterator());
    while (steps.keys.hasNext() && !key.equals(steps.at)) {
      steps.at = steps.keys.next();
    }
    return steps;
  }

  private @Nullable K step(Steps<K> steps) {
    while (steps.keys.hasNext()) {
      K key = steps.keys.next();
      if (get(key) != null) {
        steps.at = key;
        keep(steps);
        return key;
      }
    }
    return null;
  }

  private void keep(Steps<K> steps) {
    for (int i = 0; i < KEPT; i++) {
      if (kept.compareAndSet(i, null, steps)) {
        return;
      }
    }
    kept.set(Math.floorMod(victim.getAndIncrement(), KEPT), steps);
  }

  @Override
  long memoryBytes() {
    long keys = size();
    long length = Long.highestOneBit(Math.max(SMALLEST, keys + (keys >>> 1))) << 1;
    return ARRAY_BYTES + length * REFERENCE_BYTES + keys * NODE_BYTES;
  }

  @Override
  <T> Map<K, T> emptyMap() {
    return new LinkedHashMap<>();
  }

  /// What is left of a walk; goes on from itself, once.
  private record Rest<K>(Iterator<Map.Entry<K, Object>> entries) implements Position<K> {}

  /// A walk from key to key. Belongs to the thread that took it out of its place.
  private static final class Steps<K> {
    final Iterator<K> keys;
    @Nullable K at;

    Steps(Iterator<K> keys) {
      this.keys = keys;
    }
  }
}

package dev.athanor.otp.ets;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The index of an ordered table: a concurrent skip list. Two keys are one when the comparator says
/// zero.
final class SkipIndex<K, C> extends Index<K, C> {

  private static final int NODE_BYTES = 24;
  private static final int LEVEL_BYTES = 12;

  private final ConcurrentSkipListMap<K, Object> map;
  private final Comparator<? super K> comparator;

  SkipIndex(Comparator<? super K> comparator) {
    this(new ConcurrentSkipListMap<>(comparator), comparator);
  }

  private SkipIndex(ConcurrentSkipListMap<K, Object> map, Comparator<? super K> comparator) {
    super(map);
    this.map = map;
    this.comparator = comparator;
  }

  Comparator<? super K> comparator() {
    return comparator;
  }

  @Override
  long memoryBytes() {
    return size() * (NODE_BYTES + LEVEL_BYTES);
  }

  Position<K> after(K key) {
    return new KeyPosition<>(key, false);
  }

  Position<K> at(K key) {
    return new KeyPosition<>(key, true);
  }

  @Override
  @Nullable Position<K> scan(@Nullable Position<K> from, Visitor<K, C> visitor) {
    KeyPosition<K> start = (KeyPosition<K>) from;
    return walk(start == null ? map : map.tailMap(start.key, start.inclusive), visitor);
  }

  @Nullable Position<K> scanBack(@Nullable Position<K> from, Visitor<K, C> visitor) {
    KeyPosition<K> start = (KeyPosition<K>) from;
    ConcurrentNavigableMap<K, Object> rest =
        start == null ? map : map.headMap(start.key, start.inclusive);
    return walk(rest.descendingMap(), visitor);
  }

  private @Nullable Position<K> walk(
      ConcurrentNavigableMap<K, Object> rest, Visitor<K, C> visitor) {
    for (Map.Entry<K, Object> entry : rest.entrySet()) {
      C cell = seen(entry.getValue());
      if (cell != null && !visitor.visit(entry.getKey(), cell)) {
        return new KeyPosition<>(entry.getKey(), false);
      }
    }
    return null;
  }

  @Override
  @Nullable K first() {
    Found<K, C> found = new Found<>();
    scan(null, found);
    return found.key;
  }

  @Nullable K last() {
    Found<K, C> found = new Found<>();
    scanBack(null, found);
    return found.key;
  }

  @Override
  @Nullable K next(K key) {
    Found<K, C> found = new Found<>();
    scan(after(key), found);
    return found.key;
  }

  @Nullable K previous(K key) {
    Found<K, C> found = new Found<>();
    scanBack(after(key), found);
    return found.key;
  }

  @Override
  <T> Map<K, T> emptyMap() {
    return new TreeMap<>(comparator);
  }

  private record KeyPosition<K>(K key, boolean inclusive) implements Position<K> {}

  /// Takes the first key of a walk.
  private static final class Found<K, C> implements Visitor<K, C> {
    private @Nullable K key;

    @Override
    public boolean visit(K k, C cell) {
      key = k;
      return false;
    }
  }
}

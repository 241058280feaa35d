package dev.athanor.otp.ets;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The index of an ordered table: a concurrent skip list. Two keys are one when the comparator says
/// zero. Single writes share the lock; a write of several keys holds it alone. Reads take none.
final class SkipIndex<K, C> implements Index<K, C> {

  private static final int NODE_BYTES = 24;
  private static final int LEVEL_BYTES = 12;

  private final ConcurrentSkipListMap<K, C> map;
  private final Comparator<? super K> comparator;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  SkipIndex(Comparator<? super K> comparator) {
    this.comparator = comparator;
    this.map = new ConcurrentSkipListMap<>(comparator);
  }

  Comparator<? super K> comparator() {
    return comparator;
  }

  @Override
  public @Nullable C get(K key) {
    return map.get(key);
  }

  private <T extends @Nullable Object> T shared(Supplier<T> action) {
    lock.readLock().lock();
    try {
      return action.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public @Nullable C put(K key, C cell) {
    return this.<@Nullable C>shared(() -> map.put(key, cell));
  }

  @Override
  public @Nullable C putIfAbsent(K key, C cell) {
    return this.<@Nullable C>shared(() -> map.putIfAbsent(key, cell));
  }

  @Override
  public boolean replace(K key, C expected, C next) {
    return shared(() -> map.replace(key, expected, next));
  }

  @Override
  public @Nullable C remove(K key) {
    return this.<@Nullable C>shared(() -> map.remove(key));
  }

  @Override
  public boolean remove(K key, C expected) {
    return shared(() -> map.remove(key, expected));
  }

  @Override
  public <T> T exclusively(Collection<K> keys, Supplier<T> action) {
    lock.writeLock().lock();
    try {
      return action.get();
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public long size() {
    return map.size();
  }

  @Override
  public long memoryBytes() {
    return (long) map.size() * (NODE_BYTES + LEVEL_BYTES);
  }

  @Override
  public Position<K> after(K key) {
    return new KeyPosition<>(key, false);
  }

  Position<K> at(K key) {
    return new KeyPosition<>(key, true);
  }

  @Override
  public @Nullable Position<K> scan(@Nullable Position<K> from, Visitor<K, C> visitor) {
    KeyPosition<K> start = (KeyPosition<K>) from;
    return walk(start == null ? map : map.tailMap(start.key, start.inclusive), visitor);
  }

  @Nullable Position<K> scanBack(@Nullable Position<K> from, Visitor<K, C> visitor) {
    KeyPosition<K> start = (KeyPosition<K>) from;
    ConcurrentNavigableMap<K, C> rest =
        start == null ? map : map.headMap(start.key, start.inclusive);
    return walk(rest.descendingMap(), visitor);
  }

  private static <K, C> @Nullable Position<K> walk(
      ConcurrentNavigableMap<K, C> rest, Visitor<K, C> visitor) {
    for (Map.Entry<K, C> entry : rest.entrySet()) {
      if (!visitor.visit(entry.getKey(), entry.getValue())) {
        return new KeyPosition<>(entry.getKey(), false);
      }
    }
    return null;
  }

  private record KeyPosition<K>(K key, boolean inclusive) implements Position<K> {}
}

package dev.athanor.otp.ets;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Several values a key, in the order of their insertion; distinct ones in a bag.
final class BagStore<K, V> implements Store<K, V> {

  private static final int ROWS_BYTES = 24 + 16;
  private static final int REFERENCE_BYTES = 4;

  private final HashIndex<K, Rows<V>> index = new HashIndex<>();
  private final boolean distinct;
  private final LongAdder size = new LongAdder();

  BagStore(boolean distinct) {
    this.distinct = distinct;
  }

  @Override
  public @Nullable V get(K key) {
    throw new UnsupportedOperationException(
        "a key of a bag may hold several values: expected lookup(key), got get(key)");
  }

  @Override
  public List<V> lookup(K key) {
    Rows<V> rows = index.get(key);
    return rows == null ? List.of() : rows;
  }

  @Override
  public void insert(K key, V value) {
    index.alter(
        key,
        rows -> {
          if (rows == null) {
            size.increment();
            return Rows.of(value);
          }
          Rows<V> more = distinct ? rows.withDistinct(value) : rows.with(value);
          if (more.size() > rows.size()) {
            size.increment();
          }
          return more;
        });
  }

  @Override
  public void insertAll(Collection<Entry<K, V>> entries) {
    index.exclusively(SetStore.keys(entries), () -> insertEach(entries));
  }

  private boolean insertEach(Collection<Entry<K, V>> entries) {
    entries.forEach(e -> insert(e.key(), e.value()));
    return true;
  }

  @Override
  public boolean insertNew(K key, V value) {
    boolean added = index.putIfAbsent(key, Rows.of(value)) == null;
    if (added) {
      size.increment();
    }
    return added;
  }

  @Override
  public boolean insertNew(Collection<Entry<K, V>> entries) {
    return index.exclusively(
        SetStore.keys(entries),
        () -> entries.stream().allMatch(e -> index.get(e.key()) == null) && insertEach(entries));
  }

  @Override
  public boolean replace(K key, V expected, V next) {
    throw new UnsupportedOperationException("a bag's object is deleted and inserted, not replaced");
  }

  @Override
  public List<V> take(K key) {
    Rows<V> rows = index.remove(key);
    if (rows == null) {
      return List.of();
    }
    size.add(-rows.size());
    return rows;
  }

  @Override
  public int delete(K key, V value) {
    int[] deleted = new int[1];
    if (index.get(key) == null) {
      return 0;
    }
    index.alter(
        key,
        rows -> {
          if (rows == null) {
            return null;
          }
          Rows<V> rest = rows.without(value);
          int removed = rows.size() - (rest == null ? 0 : rest.size());
          size.add(-removed);
          deleted[0] = removed;
          return rest;
        });
    return deleted[0];
  }

  @Override
  public long size() {
    return size.sum();
  }

  @Override
  public long memoryBytes() {
    return index.memoryBytes() + index.size() * ROWS_BYTES + size.sum() * REFERENCE_BYTES;
  }

  @Override
  public Index.@Nullable Position<K> scan(Scan<K> scan, Index.Visitor<K, List<V>> visitor) {
    return index.scan(scan.from(), visitor::visit);
  }

  @Override
  public @Nullable K next(K key) {
    return Neighbours.next(index, key);
  }

  @Override
  public @Nullable K previous(K key) {
    return Neighbours.next(index, key);
  }
}

package dev.athanor.otp.ets;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        (k, rows) -> {
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
    insertAll(entries, false);
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
    return insertAll(entries, true);
  }

  private boolean insertAll(Collection<Entry<K, V>> entries, boolean onlyNew) {
    Map<K, List<V>> values = new LinkedHashMap<>();
    for (Entry<K, V> entry : entries) {
      values.computeIfAbsent(entry.key(), k -> new ArrayList<>(1)).add(entry.value());
    }
    Map<K, Index.Alteration<K, Rows<V>>> alterations = index.emptyMap();
    Map<K, Integer> grown = new HashMap<>();
    values.forEach(
        (key, added) ->
            alterations.put(
                key,
                (k, rows) -> {
                  if (onlyNew && rows != null) {
                    return null;
                  }
                  Rows<V> more = Rows.copy(rows, added, distinct);
                  grown.put(k, more.size() - (rows == null ? 0 : rows.size()));
                  return more;
                }));
    boolean done = index.putAll(alterations);
    if (done) {
      grown.values().forEach(size::add);
    }
    return done;
  }

  @Override
  public boolean replace(K key, V expected, V next) {
    throw new UnsupportedOperationException("a bag's object is deleted and inserted, not replaced");
  }

  @Override
  public long rewrite(K key, Rewriting<V> change) {
    if (distinct) {
      throw new UnsupportedOperationException(
          "objects of a BAG are not replaced, two of them might become one: expected a set or a"
              + " DUPLICATE_BAG");
    }
    while (true) {
      Rows<V> rows = index.get(key);
      if (rows == null) {
        return 0;
      }
      long[] count = new long[1];
      Rows<V> changed =
          rows.rewritten(
              value -> {
                V next = change.of(value);
                count[0] += next == null ? 0 : 1;
                return next;
              });
      if (count[0] == 0 || index.replace(key, rows, changed)) {
        return count[0];
      }
    }
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
        (k, rows) -> {
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
  public @Nullable K first() {
    return index.first();
  }

  @Override
  public @Nullable K last() {
    return index.first();
  }

  @Override
  public @Nullable K next(K key) {
    return index.next(key);
  }

  @Override
  public @Nullable K previous(K key) {
    return index.next(key);
  }
}

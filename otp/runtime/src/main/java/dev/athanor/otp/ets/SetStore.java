package dev.athanor.otp.ets;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One value a key, hashed or ordered.
final class SetStore<K, V> implements Store<K, V> {

  private final Index<K, V> index;

  SetStore(Index<K, V> index) {
    this.index = index;
  }

  @Override
  public @Nullable V get(K key) {
    return index.get(key);
  }

  @Override
  public List<V> lookup(K key) {
    V value = index.get(key);
    return value == null ? List.of() : List.of(value);
  }

  @Override
  public void insert(K key, V value) {
    index.put(key, value);
  }

  @Override
  public void insertAll(Collection<Entry<K, V>> entries) {
    index.putAll(alterations(entries, (value, present) -> value));
  }

  @Override
  public boolean insertNew(K key, V value) {
    return index.putIfAbsent(key, value) == null;
  }

  @Override
  public boolean insertNew(Collection<Entry<K, V>> entries) {
    return index.putAll(alterations(entries, (value, present) -> present == null ? value : null));
  }

  private Map<K, Index.Alteration<K, V>> alterations(
      Collection<Entry<K, V>> entries, Choice<V> choice) {
    Map<K, Index.Alteration<K, V>> all = index.emptyMap();
    for (Entry<K, V> entry : entries) {
      V value = entry.value();
      all.put(entry.key(), (key, present) -> choice.of(value, present));
    }
    return all;
  }

  @Override
  public boolean replace(K key, V expected, V next) {
    return index.replace(key, expected, next);
  }

  @Override
  public long rewrite(K key, Rewriting<V> change) {
    for (V value = index.get(key); value != null; value = index.get(key)) {
      V next = change.of(value);
      if (next == null) {
        return 0;
      }
      if (index.replace(key, value, next)) {
        return 1;
      }
    }
    return 0;
  }

  @Override
  public List<V> take(K key) {
    V value = index.remove(key);
    return value == null ? List.of() : List.of(value);
  }

  @Override
  public int delete(K key, V value) {
    return index.remove(key, value) ? 1 : 0;
  }

  @Override
  public long size() {
    return index.size();
  }

  @Override
  public long memoryBytes() {
    return index.memoryBytes();
  }

  @Override
  public Index.@Nullable Position<K> scan(Scan<K> scan, Index.Visitor<K, List<V>> visitor) {
    if (index instanceof SkipIndex<K, V> ordered) {
      return scanOrdered(ordered, scan, visitor);
    }
    return index.scan(scan.from(), (k, v) -> visitor.visit(k, List.of(v)));
  }

  private static <K, V> Index.@Nullable Position<K> scanOrdered(
      SkipIndex<K, V> index, Scan<K> scan, Index.Visitor<K, List<V>> visitor) {
    KeyRange<K> range = scan.range();
    boolean back = scan.backwards();
    Index.Position<K> from = scan.from();
    K stop = null;
    boolean stopInclusive = true;
    if (range != null) {
      K start = back ? range.high() : range.low();
      boolean startInclusive = back ? range.highInclusive() : range.lowInclusive();
      if (from == null && start != null) {
        from = startInclusive ? index.at(start) : index.after(start);
      }
      stop = back ? range.low() : range.high();
      stopInclusive = back ? range.lowInclusive() : range.highInclusive();
    }
    Bound<K, V> bounded = new Bound<>(index, stop, stopInclusive, back, visitor);
    Index.Position<K> end = back ? index.scanBack(from, bounded) : index.scan(from, bounded);
    return bounded.passed ? null : end;
  }

  /// Ends a walk at the far bound of its range.
  private static final class Bound<K, V> implements Index.Visitor<K, V> {
    private final SkipIndex<K, V> index;
    private final @Nullable K stop;
    private final boolean inclusive;
    private final boolean back;
    private final Index.Visitor<K, List<V>> visitor;
    private boolean passed;

    Bound(
        SkipIndex<K, V> index,
        @Nullable K stop,
        boolean inclusive,
        boolean back,
        Index.Visitor<K, List<V>> visitor) {
      this.index = index;
      this.stop = stop;
      this.inclusive = inclusive;
      this.back = back;
      this.visitor = visitor;
    }

    @Override
    public boolean visit(K key, V value) {
      if (stop != null) {
        int order = index.comparator().compare(key, stop);
        order = back ? -order : order;
        if (order > 0 || (order == 0 && !inclusive)) {
          passed = true;
          return false;
        }
      }
      return visitor.visit(key, List.of(value));
    }
  }

  @Override
  public @Nullable K first() {
    return index.first();
  }

  @Override
  public @Nullable K last() {
    return index instanceof SkipIndex<K, V> ordered ? ordered.last() : index.first();
  }

  @Override
  public @Nullable K next(K key) {
    return index.next(key);
  }

  @Override
  public @Nullable K previous(K key) {
    return index instanceof SkipIndex<K, V> ordered ? ordered.previous(key) : index.next(key);
  }

  /// What becomes of a key that is to get a value; null refuses.
  private interface Choice<V> {
    @Nullable V of(V value, @Nullable V present);
  }
}

package dev.athanor.otp.ets;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs match specifications over a store.
final class Selector<K, V> {

  private static final int UNLIMITED = Integer.MAX_VALUE;

  private final Store<K, V> store;
  private final TableType type;

  Selector(Store<K, V> store, TableType type) {
    this.store = store;
    this.type = type;
  }

  <R> Page<R> page(
      MatchSpec<K, V, R> spec, int limit, boolean backwards, Index.@Nullable Position<K> from) {
    List<R> results = new ArrayList<>();
    Index.Position<K> end =
        each(
            spec,
            backwards,
            from,
            (k, v) -> results.add(spec.result(k, v)),
            () -> results.size() < limit);
    return new Page<>(
        List.copyOf(results), end == null ? null : () -> page(spec, limit, backwards, end));
  }

  <R> List<R> all(MatchSpec<K, V, R> spec, boolean backwards) {
    return page(spec, UNLIMITED, backwards, null).results();
  }

  long each(MatchSpec<K, V, ?> spec, Taker<K, V> taker) {
    long[] count = new long[1];
    each(
        spec,
        false,
        null,
        (k, v) -> {
          count[0] += taker.take(k, v);
          return true;
        },
        () -> true);
    return count[0];
  }

  private Index.@Nullable Position<K> each(
      MatchSpec<K, V, ?> spec,
      boolean backwards,
      Index.@Nullable Position<K> from,
      Visit<K, V> visit,
      GoOn goOn) {
    if (spec.range() != null && type != TableType.ORDERED_SET) {
      throw new UnsupportedOperationException(
          "bounds on keys need an ORDERED_SET, the table is a " + type);
    }
    K key = spec.exactKey();
    if (key != null) {
      show(spec, key, store.lookup(key), visit);
      return null;
    }
    boolean back = backwards && type == TableType.ORDERED_SET;
    return store.scan(
        new Store.Scan<>(from, spec.range(), back),
        (k, values) -> {
          show(spec, k, values, visit);
          return goOn.more();
        });
  }

  private void show(MatchSpec<K, V, ?> spec, K key, List<V> values, Visit<K, V> visit) {
    for (int i = 0; i < values.size(); i++) {
      V value = values.get(i);
      if (spec.accepts(key, value)) {
        visit.visit(key, value);
      }
    }
  }

  @FunctionalInterface
  interface Taker<K, V> {
    int take(K key, V value);
  }

  @FunctionalInterface
  private interface Visit<K, V> {
    boolean visit(K key, V value);
  }

  @FunctionalInterface
  private interface GoOn {
    boolean more();
  }
}

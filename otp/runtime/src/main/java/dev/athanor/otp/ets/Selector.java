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

  <R> List<R> all(MatchSpec<K, ? extends V, R> spec, boolean backwards) {
    return page(spec, UNLIMITED, backwards).results();
  }

  <R> Page<R> page(MatchSpec<K, ? extends V, R> spec, int limit, boolean backwards) {
    return new Reading<>(spec, limit, backwards).page(null, List.of());
  }

  /// Shows the values of each key that may hold something meant, and sums up the answers.
  long sum(MatchSpec<K, ? extends V, ?> spec, Taker<K, V> taker) {
    long[] sum = new long[1];
    walk(
        spec,
        false,
        null,
        (key, values) -> {
          sum[0] += taker.take(key, values);
          return true;
        });
    return sum[0];
  }

  private Index.@Nullable Position<K> walk(
      MatchSpec<K, ? extends V, ?> spec,
      boolean backwards,
      Index.@Nullable Position<K> from,
      Index.Visitor<K, List<V>> visitor) {
    if (spec.range() != null && type != TableType.ORDERED_SET) {
      throw new UnsupportedOperationException(
          "bounds on keys need an ORDERED_SET, the table is a " + type);
    }
    K key = spec.exactKey();
    if (key != null) {
      visitor.visit(key, store.lookup(key));
      return null;
    }
    boolean back = backwards && type == TableType.ORDERED_SET;
    return store.scan(new Store.Scan<>(from, spec.range(), back), visitor);
  }

  @FunctionalInterface
  interface Taker<K, V> {
    long take(K key, List<V> values);
  }

  /// One selection, page by page. What the last key of a page holds beyond the limit begins the
  /// next page.
  private final class Reading<R> {
    private final MatchSpec<K, ? extends V, R> spec;
    private final int limit;
    private final boolean backwards;

    Reading(MatchSpec<K, ? extends V, R> spec, int limit, boolean backwards) {
      this.spec = spec;
      this.limit = limit;
      this.backwards = backwards;
    }

    Page<R> page(Index.@Nullable Position<K> from, List<R> left) {
      List<R> found = new ArrayList<>(left);
      Index.Position<K> end =
          walk(
              spec,
              backwards,
              from,
              (key, values) -> {
                for (V value : values) {
                  if (spec.means(key, value)) {
                    found.add(spec.result(key, value));
                  }
                }
                return found.size() < limit;
              });
      return cut(found, end);
    }

    private Page<R> cut(List<R> found, Index.@Nullable Position<K> end) {
      if (found.size() <= limit) {
        return new Page<>(List.copyOf(found), end == null ? null : () -> page(end, List.of()));
      }
      List<R> left = List.copyOf(found.subList(limit, found.size()));
      return new Page<>(
          List.copyOf(found.subList(0, limit)),
          () -> end == null || left.size() >= limit ? cut(left, end) : page(end, left));
    }
  }
}

package dev.athanor.otp.ets;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a table keeps its objects in: one for sets and one for bags.
interface Store<K, V> {

  /// The only value of the key.
  @Nullable V get(K key);

  List<V> lookup(K key);

  void insert(K key, V value);

  void insertAll(Collection<Entry<K, V>> entries);

  boolean insertNew(K key, V value);

  boolean insertNew(Collection<Entry<K, V>> entries);

  boolean replace(K key, V expected, V next);

  /// Replaces each value of the key by what the function makes of it, null for one that stays, in
  /// one step; answers how many it replaced. The function runs again when another writer was
  /// faster.
  long rewrite(K key, Rewriting<V> change);

  List<V> take(K key);

  /// Deletes the objects that equal this one and answers how many they were.
  int delete(K key, V value);

  long size();

  long memoryBytes();

  Index.@Nullable Position<K> scan(Scan<K> scan, Index.Visitor<K, List<V>> visitor);

  @Nullable K first();

  @Nullable K last();

  /// The key next to the given one; an index without an order refuses an absent key.
  @Nullable K next(K key);

  @Nullable K previous(K key);

  /// What a value becomes; null if it stays.
  @FunctionalInterface
  interface Rewriting<V> {
    @Nullable V of(V value);
  }

  /// Where a walk goes on, how far and which way.
  record Scan<K>(Index.@Nullable Position<K> from, @Nullable KeyRange<K> range, boolean backwards) {
    static <K> Scan<K> everything() {
      return new Scan<>(null, null, false);
    }
  }

  /// Bounds on the keys of an ordered set; null is unbounded.
  record KeyRange<K>(
      @Nullable K low, boolean lowInclusive, @Nullable K high, boolean highInclusive) {}
}

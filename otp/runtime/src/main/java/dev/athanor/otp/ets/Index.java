package dev.athanor.otp.ets;

import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The concurrent map under a table: one cell a key, an order in which it is walked, and a way to
/// keep writers out of several keys at once. Reads take no lock. A cell that is the very same
/// object as one seen before has not changed since: conditional writes compare identity.
interface Index<K, C> {

  @Nullable C get(K key);

  /// Puts the cell and returns the one it replaces.
  @Nullable C put(K key, C cell);

  /// Puts the cell unless the key has one, which is then returned.
  @Nullable C putIfAbsent(K key, C cell);

  /// Replaces the cell if it still is `expected`.
  boolean replace(K key, C expected, C next);

  @Nullable C remove(K key);

  /// Removes the key if its cell still is `expected`.
  boolean remove(K key, C expected);

  /// Runs the action while no other thread adds or removes one of the keys.
  <T> T exclusively(Collection<K> keys, Supplier<T> action);

  long size();

  /// Walks from the position (null: from the start) until the visitor answers false; returns the
  /// position after the last one visited, or null when the walk came to the end.
  @Nullable Position<K> scan(@Nullable Position<K> from, Visitor<K, C> visitor);

  /// The position just behind a key, or null if this index knows no position for an absent key.
  @Nullable Position<K> after(K key);

  long memoryBytes();

  /// What a scan shows its keys and cells to.
  @FunctionalInterface
  interface Visitor<K, C> {
    /// Answers whether the walk goes on.
    boolean visit(K key, C cell);
  }

  /// A place between two keys that stays meaningful whatever is written.
  interface Position<K> {}
}

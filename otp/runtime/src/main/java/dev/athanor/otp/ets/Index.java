package dev.athanor.otp.ets;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The concurrent map under a table: one cell a key, an order in which it is walked, and writes of
/// several keys in one step. Reads take no lock.
///
/// A write of several keys puts into each place a [Change], which knows the cell before, the cell
/// after, and the write it is a part of. Whoever meets a change sees the cell before as long as the
/// write is undecided, and the cell after from the moment it is done: one compare-and-set decides
/// it for all places at once, so that no reader sees a part of it. (Harris, Fraser and Pratt, "A
/// practical multi-word compare-and-swap operation", 2002, without its helping.) Then the changes
/// are replaced by plain cells, by the writer or by whoever meets them.
///
/// A single write that meets an undecided change waits for a moment, then calls that write off,
/// which starts again: single writes never wait for a thread that does not run. Writes of several
/// keys exclude each other by the lock, so they cannot call each other off for ever.
///
/// A single write looks at what it replaces in the same step (`merge`, `replace`, `remove`), so it
/// cannot overwrite a change. The map compares cells by `equals`: a cell that was replaced by an
/// equal one meanwhile is as good as the one that was read.
abstract class Index<K, C> {

  private static final int PATIENCE = 512;

  private final ConcurrentMap<K, Object> map;

  Index(ConcurrentMap<K, Object> map) {
    this.map = map;
  }

  @Nullable C get(K key) {
    return seen(map.get(key));
  }

  /// What a reader makes of an element of the map.
  @SuppressWarnings("unchecked")
  final @Nullable C seen(@Nullable Object cell) {
    return (C) (cell instanceof Change change ? change.seen() : cell);
  }

  /// Puts the cell in the place of what the key has.
  void put(K key, C cell) {
    while (map.merge(key, cell, Index::unlessChanging) instanceof Change change) {
      settle(key, change);
    }
  }

  private static Object unlessChanging(Object present, Object next) {
    return present instanceof Change ? present : next;
  }

  /// Puts the cell unless the key has one, which is then returned.
  @SuppressWarnings("unchecked")
  @Nullable C putIfAbsent(K key, C cell) {
    while (true) {
      Object present = map.putIfAbsent(key, cell);
      if (present instanceof Change change) {
        settle(key, change);
      } else {
        return (C) present;
      }
    }
  }

  /// Replaces the cell if it equals `expected`.
  boolean replace(K key, C expected, C next) {
    while (true) {
      if (map.replace(key, expected, next)) {
        return true;
      }
      if (!settledAt(key)) {
        return false;
      }
    }
  }

  @SuppressWarnings("unchecked")
  @Nullable C remove(K key) {
    while (true) {
      Object present = map.get(key);
      if (present == null) {
        return null;
      }
      if (present instanceof Change change) {
        settle(key, change);
      } else if (map.remove(key, present)) {
        return (C) present;
      }
    }
  }

  /// Removes the key if its cell equals `expected`.
  boolean remove(K key, C expected) {
    while (true) {
      if (map.remove(key, expected)) {
        return true;
      }
      if (!settledAt(key)) {
        return false;
      }
    }
  }

  /// Replaces the cell by what the function makes of it, with no other writer of the key in
  /// between; null on either side means that there is none. For hash maps only: there the function
  /// runs once.
  @SuppressWarnings("unchecked")
  void alter(K key, Alteration<K, C> alteration) {
    boolean[] done = new boolean[1];
    while (true) {
      map.compute(
          key,
          (k, present) -> {
            done[0] = !(present instanceof Change);
            return done[0] ? alteration.cell(k, (C) present) : present;
          });
      if (done[0]) {
        return;
      }
      settledAt(key);
    }
  }

  private boolean settledAt(K key) {
    if (map.get(key) instanceof Change change) {
      settle(key, change);
      return true;
    }
    return false;
  }

  private void settle(K key, Change change) {
    for (int i = 0; i < PATIENCE && change.batch.get() == Fate.UNDECIDED; i++) {
      Thread.onSpinWait();
    }
    change.batch.compareAndSet(Fate.UNDECIDED, Fate.CALLED_OFF);
    clear(key, change);
  }

  private void clear(K key, Change change) {
    Object cell = change.seen();
    if (cell == null) {
      map.remove(key, change);
    } else {
      map.replace(key, change, cell);
    }
  }

  /// Writes all keys in one step, or none if the function answers null for one of them; answers
  /// whether it did.
  ///
  /// @param after each key and what its cell becomes; the keys are different ones
  synchronized boolean putAll(Map<K, Alteration<K, C>> after) {
    while (true) {
      AtomicReference<Fate> batch = new AtomicReference<>(Fate.UNDECIDED);
      List<Map.Entry<K, Change>> placed = new ArrayList<>(after.size());
      try {
        if (!placeAll(after, batch, placed)) {
          return false;
        }
        if (batch.compareAndSet(Fate.UNDECIDED, Fate.DONE)) {
          return true;
        }
      } finally {
        batch.compareAndSet(Fate.UNDECIDED, Fate.CALLED_OFF);
        placed.forEach(entry -> clear(entry.getKey(), entry.getValue()));
      }
    }
  }

  private boolean placeAll(
      Map<K, Alteration<K, C>> after,
      AtomicReference<Fate> batch,
      List<Map.Entry<K, Change>> placed) {
    for (Map.Entry<K, Alteration<K, C>> entry : after.entrySet()) {
      Change change = place(entry.getKey(), entry.getValue(), batch);
      if (change == null) {
        return false;
      }
      placed.add(Map.entry(entry.getKey(), change));
    }
    return true;
  }

  @SuppressWarnings("unchecked")
  private @Nullable Change place(K key, Alteration<K, C> alteration, AtomicReference<Fate> batch) {
    while (true) {
      Object present = map.get(key);
      if (present instanceof Change earlier) {
        settle(key, earlier);
        continue;
      }
      C cell = alteration.cell(key, (C) present);
      if (cell == null) {
        return null;
      }
      Change change = new Change(batch, present, cell);
      if (present == null
          ? map.putIfAbsent(key, change) == null
          : map.replace(key, present, change)) {
        return change;
      }
    }
  }

  /// How many keys there are; exact while nobody writes.
  long size() {
    return map.size();
  }

  /// Walks from the position (null: from the start) until the visitor answers false; returns the
  /// position after the last one visited, or null when the walk came to the end.
  abstract @Nullable Position<K> scan(@Nullable Position<K> from, Visitor<K, C> visitor);

  abstract @Nullable K first();

  /// The key after the given one in the order of the walk, or null.
  ///
  /// @throws TableException.NoSuchKey if the key is not there and the index has no order of its own
  abstract @Nullable K next(K key);

  abstract long memoryBytes();

  /// An empty map that tells keys apart as this index does.
  abstract <T> Map<K, T> emptyMap();

  /// What a scan shows its keys and cells to.
  @FunctionalInterface
  interface Visitor<K, C> {
    /// Answers whether the walk goes on.
    boolean visit(K key, C cell);
  }

  /// What a cell becomes; null on either side means that there is none.
  @FunctionalInterface
  interface Alteration<K, C> {
    @Nullable C cell(K key, @Nullable C present);
  }

  /// A place between two keys that stays meaningful whatever is written.
  interface Position<K> {}

  private enum Fate {
    UNDECIDED,
    DONE,
    CALLED_OFF
  }

  /// A key's part in a write of several keys.
  private static final class Change {
    final AtomicReference<Fate> batch;
    private final @Nullable Object before;
    private final Object after;

    Change(AtomicReference<Fate> batch, @Nullable Object before, Object after) {
      this.batch = batch;
      this.before = before;
      this.after = after;
    }

    @Nullable Object seen() {
      return batch.get() == Fate.DONE ? after : before;
    }
  }
}

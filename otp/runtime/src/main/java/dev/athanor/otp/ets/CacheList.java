package dev.athanor.otp.ets;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The values of a cache from newest to oldest, and the hand that chooses which one goes.
///
/// SIEVE (Zhang and others, NSDI 2024): values stay in the order of their arrival; the hand walks
/// from the oldest to the newest, clears the marks of those that were asked for, evicts the first
/// without a mark and rests there. A hit only sets a mark, so it needs no lock; adding and removing
/// take this object's lock. An entry is removed from the table and marked gone in one step under
/// the lock, so a load that ends later finds that it is gone and is not added. What had to go for
/// another is handed to the caller, who tells the listener without the lock.
final class CacheList<K, V> {

  private final Table<K, CacheEntry<K, V>> table;
  private final long maximumSize;
  private @Nullable CacheEntry<K, V> newest;
  private @Nullable CacheEntry<K, V> oldest;
  private @Nullable CacheEntry<K, V> hand;
  private long size;

  CacheList(Table<K, CacheEntry<K, V>> table, long maximumSize) {
    this.table = table;
    this.maximumSize = maximumSize;
  }

  /// Adds a value unless its key was invalidated meanwhile, and answers what had to go for it.
  synchronized List<CacheEntry<K, V>> add(CacheEntry<K, V> entry) {
    if (entry.gone) {
      return List.of();
    }
    List<CacheEntry<K, V>> evicted = makeRoom();
    link(entry);
    return evicted;
  }

  /// Puts a value in the place of another one of the same key and answers what had to go for it;
  /// null if that other one is gone.
  synchronized @Nullable List<CacheEntry<K, V>> replace(
      CacheEntry<K, V> present, CacheEntry<K, V> next) {
    if (present.gone || !table.replaceIfThere(present.key, present, next)) {
      return null;
    }
    present.gone = true;
    if (present.linked) {
      unlink(present);
    }
    List<CacheEntry<K, V>> evicted = makeRoom();
    link(next);
    return evicted;
  }

  private List<CacheEntry<K, V>> makeRoom() {
    List<CacheEntry<K, V>> evicted = size < maximumSize ? List.of() : new ArrayList<>(1);
    while (size >= maximumSize) {
      CacheEntry<K, V> candidate = candidate();
      hand = candidate;
      remove(candidate);
      evicted.add(candidate);
    }
    return evicted;
  }

  private CacheEntry<K, V> candidate() {
    CacheEntry<K, V> candidate = hand == null ? first() : hand;
    while (candidate.untouch()) {
      candidate = candidate.newer == null ? first() : candidate.newer;
    }
    return candidate;
  }

  private CacheEntry<K, V> first() {
    return Objects.requireNonNull(oldest);
  }

  /// Removes the entry from the cache; answers false if it had been removed already.
  synchronized boolean remove(CacheEntry<K, V> entry) {
    if (entry.gone) {
      return false;
    }
    entry.gone = true;
    table.deleteIfThere(entry.key, entry);
    if (entry.linked) {
      unlink(entry);
    }
    return true;
  }

  private void link(CacheEntry<K, V> entry) {
    entry.linked = true;
    entry.older = newest;
    if (newest == null) {
      oldest = entry;
    } else {
      newest.newer = entry;
    }
    newest = entry;
    size++;
  }

  private void unlink(CacheEntry<K, V> entry) {
    CacheEntry<K, V> newer = entry.newer;
    CacheEntry<K, V> older = entry.older;
    if (hand == entry) {
      hand = newer;
    }
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    entry.newer = null;
    entry.older = null;
    entry.linked = false;
    size--;
  }
}

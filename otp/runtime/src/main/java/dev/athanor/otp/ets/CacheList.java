package dev.athanor.otp.ets;

import org.jspecify.annotations.Nullable;

/// The values of a cache from newest to oldest, and the hand that chooses which one goes.
///
/// SIEVE (Zhang and others, NSDI 2024): values stay in the order of their arrival; the hand walks
/// from the oldest to the newest, clears the marks of those that were asked for, evicts the first
/// without a mark and rests there. A hit only sets a mark, so it needs no lock; adding and removing
/// take this object's lock. An entry is removed from the table and marked gone in one step under
/// the lock, so a load that ends later finds that it is gone and is not added.
final class CacheList<K, V> {

  private final Table<K, CacheEntry<K, V>> table;
  private final long maximumSize;
  private final long afterWriteNanos;
  private @Nullable CacheEntry<K, V> newest;
  private @Nullable CacheEntry<K, V> oldest;
  private @Nullable CacheEntry<K, V> hand;
  private long size;
  private long evictions;

  CacheList(Table<K, CacheEntry<K, V>> table, long maximumSize, long afterWriteNanos) {
    this.table = table;
    this.maximumSize = maximumSize;
    this.afterWriteNanos = afterWriteNanos;
  }

  synchronized long evictions() {
    return evictions;
  }

  synchronized void add(CacheEntry<K, V> entry, long now) {
    if (entry.gone) {
      return;
    }
    CacheEntry<K, V> last = oldest;
    while (last != null && now - last.written >= afterWriteNanos) {
      remove(last);
      last = oldest;
    }
    while (size >= maximumSize) {
      evict();
    }
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

  private void evict() {
    CacheEntry<K, V> candidate = hand == null ? oldest : hand;
    while (candidate != null && candidate.untouch()) {
      candidate = candidate.newer == null ? oldest : candidate.newer;
    }
    if (candidate != null) {
      hand = candidate;
      remove(candidate);
      evictions++;
    }
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

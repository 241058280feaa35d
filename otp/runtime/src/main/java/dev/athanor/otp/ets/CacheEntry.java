package dev.athanor.otp.ets;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A key of a cache and what becomes of it: the promise that everybody waits for, then the value.
/// The links and `gone` belong to the list and its lock. The value is written once; the times and
/// the mark are hints, and a lost one does no harm.
final class CacheEntry<K, V> {

  final K key;
  final CompletableFuture<V> promise = new CompletableFuture<>();
  final CompletionStage<V> stage = promise.minimalCompletionStage();
  volatile @Nullable V value;
  long written;
  volatile long accessed;
  private boolean touched;

  @Nullable CacheEntry<K, V> newer;
  @Nullable CacheEntry<K, V> older;
  boolean linked;
  boolean gone;

  CacheEntry(K key) {
    this.key = key;
  }

  void touch() {
    if (!touched) {
      touched = true;
    }
  }

  boolean untouch() {
    boolean was = touched;
    touched = false;
    return was;
  }
}

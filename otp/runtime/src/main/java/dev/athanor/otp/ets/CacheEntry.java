package dev.athanor.otp.ets;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A key of a cache and what becomes of it: the promise that everybody waits for, then the value.
/// The links and `gone` belong to the list and its lock. The value is written once, after
/// `lifetimeNanos`; the times and the mark are hints, and a lost one does no harm.
final class CacheEntry<K, V> {

  final K key;
  final CompletableFuture<V> promise = new CompletableFuture<>();
  final CompletionStage<V> stage = promise.minimalCompletionStage();
  long lifetimeNanos = Long.MAX_VALUE;
  volatile long written;
  volatile long accessed;
  volatile @Nullable V value;
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

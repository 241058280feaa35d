package dev.athanor.otp.registry;

import dev.athanor.otp.process.Pid;
import org.jspecify.annotations.Nullable;

/// One process under one key. It knows where it stands, in its process's list and in its key's
/// array, so that leaving looks for nothing. The links are guarded by the holdings' lock, the
/// index by the group's.
final class Place<K, V> {

  final Holdings<K, V> holdings;
  final Pid<?> pid;
  final K key;
  volatile V value;

  @Nullable Place<K, V> newer;
  @Nullable Place<K, V> older;
  int index;

  Place(Holdings<K, V> holdings, K key, V value) {
    this.holdings = holdings;
    this.pid = holdings.pid;
    this.key = key;
    this.value = value;
  }
}

package dev.athanor.domain.outbox;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// How a commit in this node wakes the relays or the follower of this node without the way through
/// the database. A node without either rings in vain.
@Singleton
class RelayBell {
  private final AtomicReferenceArray<Runnable> listeners = new AtomicReferenceArray<>(Shards.COUNT);

  void ring(int shard) {
    Runnable listener = listeners.get(shard);
    if (listener != null) {
      listener.run();
    }
  }

  void ringAll() {
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      ring(shard);
    }
  }

  void answeredBy(int shard, Runnable action) {
    listeners.set(shard, action);
  }
}

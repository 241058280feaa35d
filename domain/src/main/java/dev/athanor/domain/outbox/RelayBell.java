package dev.athanor.domain.outbox;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicReference;

/// How a commit in this node wakes the relay of this node without the way through the database. A
/// node without a relay rings in vain.
@Singleton
class RelayBell {
  private final AtomicReference<Runnable> listener = new AtomicReference<>(() -> {});

  void ring() {
    listener.get().run();
  }

  void answeredBy(Runnable action) {
    listener.set(action);
  }
}

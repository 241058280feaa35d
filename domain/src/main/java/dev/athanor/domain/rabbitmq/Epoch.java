package dev.athanor.domain.rabbitmq;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// What keeps events in order that are published while others fail: whenever the publisher may have
/// refused or lost one, and when it takes them again, an epoch ends. Lanes belong to the epoch they
/// were opened in.
///
/// Any thread.
final class Epoch {
  private final AtomicLong number = new AtomicLong();
  private volatile @Nullable RabbitLink link;

  long now() {
    return number.get();
  }

  /// Whoever publishes from now on does it through this link.
  void begin(RabbitLink through) {
    link = through;
    number.incrementAndGet();
  }

  void end() {
    number.incrementAndGet();
  }

  /// Nobody hears of what was sent in that epoch: ends it, if it lasts, and the connection too,
  /// which also frees a publisher that is stuck writing.
  void abandon(long epoch) {
    RabbitLink through = link;
    if (through != null && number.compareAndSet(epoch, epoch + 1)) {
      through.cut();
    }
  }
}

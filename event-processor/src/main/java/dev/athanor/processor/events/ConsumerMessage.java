package dev.athanor.processor.events;

import dev.athanor.domain.outbox.DeadEvent;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.Request;

/// What the process of a consumer is told.
sealed interface ConsumerMessage {

  /// Answered when the event's effect can no longer be lost, or will never be there.
  record Consume(DomainEvent event) implements ConsumerMessage, Request<Verdict> {}

  /// What became of an event.
  sealed interface Verdict {
    /// Its effect is there.
    enum Done implements Verdict {
      YES
    }

    /// It was given up.
    record Dead(DeadEvent why) implements Verdict {}
  }

  /// The effect of a batch is there.
  record Applied(Backlog.Batch<Delivery> batch) implements ConsumerMessage {}

  /// The batch had no effect, or nobody knows.
  record Refused(Backlog.Batch<Delivery> batch, Throwable cause) implements ConsumerMessage {}

  /// A key that failed may be tried again.
  record Wake(String key) implements ConsumerMessage {}

  /// An event and who waits for its effect.
  record Delivery(DomainEvent event, From<?> from) {}
}

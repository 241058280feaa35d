package dev.athanor.processor.events;

import dev.athanor.domain.outbox.DomainEvent;
import io.smallrye.mutiny.Uni;
import java.util.List;

/// One effect that events have. Every CDI bean of this type gets a process of its own that is given
/// the events it wants, so that a consumer that fails or lags holds up no other.
///
/// Events of one key come in the order they happened, one batch at a time. An event may come again:
/// after a failure, a restart of the process, or a crash of the whole node. So the effect must be
/// idempotent; [Ledger] makes one so that lives in the database.
public interface EventConsumer {

  /// What the consumer is called: in the database, in metrics and as the name of its process. It
  /// never changes, since what was done is remembered under it.
  String name();

  /// Whether events of this type matter here, `post.published` for example.
  boolean wants(String type);

  /// Makes the effect happen, all or nothing. A failed batch is tried again event by event, and an
  /// event that fails alone after a growing delay; it holds up its own key only. After 8 attempts
  /// (`athanor.events.attempts`), or at once when it fails with a
  /// [DeadEvent][dev.athanor.domain.outbox.DeadEvent], it is put aside with the reason; a database,
  /// a network or a process that is away is waited for however long it takes, so a failure has to
  /// carry its cause.
  ///
  /// Called on an event loop, in a turn of the consumer's process: it must not block.
  ///
  /// @param batch at least one event, all of them wanted
  /// @return completes when the effect can no longer be lost
  Uni<Void> apply(List<DomainEvent> batch);
}

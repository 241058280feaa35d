package dev.athanor.processor.events;

import dev.athanor.domain.outbox.DomainEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;

/// Where events come in: each is handed to the processes of all consumers that want it, and
/// acknowledged when the last of them has made its effect lasting, however long that takes; refused
/// with a [DeadEvent][dev.athanor.domain.outbox.DeadEvent] when one of them has given it up.
///
/// Events are handed on in the order they come, up to [#MOST_IN_FLIGHT] at a time, so that
/// consumers can work in batches; beyond that the channel waits. An event whose consumer's process
/// dies goes to the successor of that process. When the node stops, everything that is not done is
/// given back.
@ApplicationScoped
public class EventIntake {

  /// How many events may be under way in this node: 4,096, more than any broker has under way.
  public static final int MOST_IN_FLIGHT = 4_096;

  private final Consumers consumers;
  private int inFlight;
  private @Nullable CompletableFuture<Void> room;

  EventIntake(Consumers consumers) {
    this.consumers = consumers;
  }

  /// Takes one event; the channel's own entry point.
  ///
  /// @param message an event; any thread, one at a time
  /// @return completes when the next event may come
  @Incoming("events")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  public CompletionStage<Void> take(Message<DomainEvent> message) {
    CompletionStage<Void> next = enter();
    consumers
        .deliver(message.getPayload())
        .handle((_, failure) -> failure == null ? message.ack() : message.nack(plain(failure)))
        .whenComplete((_, _) -> leave());
    return next;
  }

  @PreDestroy
  void stop() {
    consumers.close();
  }

  private static Throwable plain(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private synchronized CompletionStage<Void> enter() {
    inFlight++;
    if (inFlight < MOST_IN_FLIGHT) {
      return CompletableFuture.completedStage(null);
    }
    CompletableFuture<Void> wait = new CompletableFuture<>();
    room = wait;
    return wait;
  }

  private void leave() {
    CompletableFuture<Void> freed;
    synchronized (this) {
      inFlight--;
      freed = room;
      room = null;
    }
    if (freed != null) {
      freed.complete(null);
    }
  }
}

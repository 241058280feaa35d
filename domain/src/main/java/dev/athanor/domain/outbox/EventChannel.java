package dev.athanor.domain.outbox;

import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.SubscriberDecorator;
import io.smallrye.reactive.messaging.annotations.Broadcast;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/// The way of events to this node's consumers, the methods with `@Incoming("events")`. An event
/// counts as delivered when *every* consumer has acknowledged it. The broadcast itself would let
/// the first one answer for all; so the consumers are counted when messaging is wired, and their
/// answers per event.
@Singleton
class EventChannel {
  static final String NAME = "events";

  private final Emitter<DomainEvent> emitter;
  private final Consumers consumers;

  @Inject
  EventChannel(
      @Channel(NAME) @Broadcast @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = 4_096)
          Emitter<DomainEvent> emitter,
      Consumers consumers) {
    this.emitter = emitter;
    this.consumers = consumers;
  }

  /// Whether anybody consumes events in this node.
  boolean hasConsumers() {
    return consumers.count.get() > 0;
  }

  /// Hands the event to all consumers; the stage fails with what the first one refuses it with. Any
  /// thread.
  CompletableFuture<Void> send(DomainEvent event) {
    CompletableFuture<Void> delivered = new CompletableFuture<>();
    AtomicInteger missing = new AtomicInteger(consumers.count.get());
    Message<DomainEvent> message =
        Message.of(
            event,
            () -> {
              if (missing.decrementAndGet() == 0) {
                delivered.complete(null);
              }
              return CompletableFuture.completedStage(null);
            },
            failure -> {
              delivered.completeExceptionally(failure);
              return CompletableFuture.completedStage(null);
            });
    try {
      emitter.send(message);
    } catch (RuntimeException e) {
      delivered.completeExceptionally(e);
    }
    return delivered;
  }

  /// Counts who subscribes to the channel.
  @Singleton
  static class Consumers implements SubscriberDecorator {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public Multi<? extends Message<?>> decorate(
        Multi<? extends Message<?>> messages, List<String> channelName, boolean isConnector) {
      if (channelName.contains(NAME)) {
        count.incrementAndGet();
      }
      return messages;
    }
  }
}

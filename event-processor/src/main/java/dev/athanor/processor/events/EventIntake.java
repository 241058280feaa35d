package dev.athanor.processor.events;

import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Scheduler;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jspecify.annotations.Nullable;

/// Where events come in: each is handed to the processes of all consumers that want it, and
/// acknowledged when the last of them has made its effect lasting.
///
/// Events are handed on in the order they come, up to [#MOST_IN_FLIGHT] at a time, so that
/// consumers can work in batches; beyond that the channel waits. An event whose consumer's process
/// dies goes to the successor of that process. An event that is not done within [#PATIENCE] is
/// given back, by a negative acknowledgement, so that it does not hold up who delivers it; the
/// consumer goes on trying, and the next delivery of the event joins it there. When the node stops,
/// everything that is not done is given back.
@ApplicationScoped
public class EventIntake {

  /// How many events may be under way in this node: 1,024.
  public static final int MOST_IN_FLIGHT = 1_024;

  /// How long an event may take before it is given back: 5 seconds.
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Consumers consumers;
  private final Node node;
  private int inFlight;
  private @Nullable CompletableFuture<Void> room;

  EventIntake(Consumers consumers, Node node) {
    this.consumers = consumers;
    this.node = node;
  }

  /// Takes one event; the channel's own entry point.
  ///
  /// @param message an event; any thread, one at a time
  /// @return completes when the next event may come
  @Incoming("events")
  @Acknowledgment(Acknowledgment.Strategy.MANUAL)
  public CompletionStage<Void> take(Message<DomainEvent> message) {
    CompletionStage<Void> next = enter();
    withinPatience(message.getPayload())
        .handle((_, failure) -> failure == null ? message.ack() : message.nack(failure))
        .whenComplete((_, _) -> leave());
    return next;
  }

  @PreDestroy
  void stop() {
    consumers.close();
  }

  private CompletionStage<Void> withinPatience(DomainEvent event) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Scheduler.Cancellable timer =
        node.scheduler()
            .schedule(PATIENCE.toNanos(), () -> done.completeExceptionally(late(event)));
    consumers
        .deliver(event)
        .whenComplete(
            (_, failure) -> {
              timer.cancel();
              if (failure == null) {
                done.complete(null);
              } else {
                done.completeExceptionally(failure);
              }
            });
    return done;
  }

  private static TimeoutException late(DomainEvent event) {
    return new TimeoutException(
        "Event " + event.id() + " (" + event.type() + ") is not done after " + PATIENCE);
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

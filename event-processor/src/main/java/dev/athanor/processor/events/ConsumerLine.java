package dev.athanor.processor.events;

import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.processor.events.ConsumerMessage.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The way of events to the process of one consumer, across that process's deaths.
///
/// While the process lives, events go to it as they come. When it dies, the calls that wait for it
/// fail; their events, and all that come from then on, gather here in the order of the outbox and
/// go to the successor once it is there. So the order of a key's events survives a crash. An event
/// that is delivered again while it is under way joins the first delivery.
///
/// Any thread may use it; the lock guards all fields and is held only to move events along, never
/// while a consumer works.
final class ConsumerLine {
  private static final Duration SUCCESSION = Duration.ofMillis(50);

  /// Effects wait for the database however long it is gone; this only keeps a call from waiting for
  /// ever should its answer be lost.
  private static final Duration PATIENCE = Duration.ofDays(1);

  private record Waiting(DomainEvent event, CompletableFuture<Verdict> done) {}

  private final Node node;
  private final String processName;
  private final Map<UUID, CompletableFuture<Verdict>> underWay = new HashMap<>();
  private final TreeMap<Long, List<Waiting>> gathered = new TreeMap<>();
  private boolean interrupted;
  private boolean closed;

  ConsumerLine(Node node, String processName) {
    this.node = node;
    this.processName = processName;
  }

  /// Completes when the event's effect is lasting or was given up; fails only after [#close].
  CompletionStage<Verdict> deliver(DomainEvent event) {
    Waiting waiting = new Waiting(event, new CompletableFuture<>());
    synchronized (this) {
      if (closed) {
        return CompletableFuture.failedStage(stopping());
      }
      CompletableFuture<Verdict> before = underWay.putIfAbsent(event.id(), waiting.done());
      if (before != null) {
        return before;
      }
      if (interrupted) {
        gather(waiting);
      } else {
        send(waiting);
      }
    }
    return waiting.done();
  }

  /// The node stops: what has no effect yet is given back.
  void close() {
    List<Waiting> left;
    synchronized (this) {
      closed = true;
      left = takeGathered();
    }
    left.forEach(waiting -> waiting.done().completeExceptionally(stopping()));
  }

  private void send(Waiting waiting) {
    Pid<ConsumerMessage> consumer = consumer();
    if (consumer == null) {
      interrupt(waiting);
      return;
    }
    GenServer.call(consumer, new ConsumerMessage.Consume(waiting.event()), PATIENCE)
        .whenComplete(
            (verdict, failure) -> {
              if (failure == null) {
                arrived(waiting, verdict);
              } else {
                interrupt(waiting);
              }
            });
  }

  private void arrived(Waiting waiting, Verdict verdict) {
    synchronized (this) {
      underWay.remove(waiting.event().id());
    }
    waiting.done().complete(verdict);
  }

  private void interrupt(Waiting waiting) {
    boolean givenBack;
    synchronized (this) {
      givenBack = closed;
      if (!closed) {
        gather(waiting);
        if (!interrupted) {
          interrupted = true;
          retryLater();
        }
      }
    }
    if (givenBack) {
      waiting.done().completeExceptionally(stopping());
    }
  }

  private synchronized void resume() {
    if (closed) {
      return;
    }
    if (consumer() == null) {
      retryLater();
      return;
    }
    interrupted = false;
    takeGathered().forEach(this::send);
  }

  private void retryLater() {
    node.scheduler().schedule(SUCCESSION.toNanos(), this::resume);
  }

  private void gather(Waiting waiting) {
    gathered.computeIfAbsent(waiting.event().seq(), _ -> new ArrayList<>()).add(waiting);
  }

  private List<Waiting> takeGathered() {
    List<Waiting> inOrder = gathered.values().stream().flatMap(List::stream).toList();
    gathered.clear();
    return inOrder;
  }

  @SuppressWarnings("unchecked")
  private @Nullable Pid<ConsumerMessage> consumer() {
    return (Pid<ConsumerMessage>) node.whereis(processName);
  }

  private IllegalStateException stopping() {
    return new IllegalStateException(processName + " is stopping; the event is to come again");
  }
}

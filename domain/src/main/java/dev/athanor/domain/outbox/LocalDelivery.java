package dev.athanor.domain.outbox;

import dev.athanor.domain.streams.StreamVersions;
import dev.athanor.otp.process.Node;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Brings events to this node's consumers: those of one key one after the other, each until it has
/// its effect with all of them or is dead, different keys side by side. What a consumer refuses is
/// offered again after a growing pause (100 ms to 5 s); what comes twice while it is under way
/// joins itself. Before an event is offered the versions of its streams move. Any thread.
///
/// Each key has a line, which exists as long as something waits in it, and one turn: whoever finds
/// the line resting takes the turn and delivers in a loop, so that consumers that answer at once
/// never nest calls; when an answer takes time, the answer takes the turn up again.
@Singleton
public class LocalDelivery {
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final EventChannel channel;
  private final StreamVersions versions;
  private final Node node;
  private final Timer delay;
  private final ConcurrentMap<String, Line> lines = new ConcurrentHashMap<>();

  @Inject
  LocalDelivery(EventChannel channel, StreamVersions versions, Node node, MeterRegistry meters) {
    this.channel = channel;
    this.versions = versions;
    this.node = node;
    this.delay =
        Timer.builder("athanor.events.delay")
            .description("From the event's place in the outbox to the first offer to consumers")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofMinutes(1))
            .register(meters);
  }

  /// An event and who waits for its fate.
  private static final class Pending {
    final DomainEvent event;
    final CompletableFuture<Broker.Fate> fate = new CompletableFuture<>();
    int refusals;

    Pending(DomainEvent event) {
      this.event = event;
    }
  }

  /// What waits for one key; guarded by itself. A line that is over is no longer in the map.
  private static final class Line {
    final Map<UUID, Pending> waiting = new LinkedHashMap<>();
    boolean busy;
    boolean over;
  }

  /// Whether this node has consumers.
  public boolean wanted() {
    return channel.hasConsumers();
  }

  /// What this node's consumers were given and have not answered for: the place `delivery`. With a
  /// broker it is what has left the queues and is not acknowledged.
  public Broker.Depth depth() {
    long waiting = 0;
    Instant oldest = Instant.MAX;
    for (Line line : lines.values()) {
      synchronized (line) {
        waiting += line.waiting.size();
        for (Pending pending : line.waiting.values()) {
          Instant occurred = pending.event.occurredAt();
          oldest = occurred.isBefore(oldest) ? occurred : oldest;
        }
      }
    }
    Double lag = waiting == 0 ? null : Duration.between(oldest, Instant.now()).toMillis() / 1_000.0;
    return new Broker.Depth("delivery", Broker.Depth.NO_SHARD, waiting, lag, -1);
  }

  /// Delivers an event.
  ///
  /// @return its fate; never fails. Does not complete before the effect is certain, however long
  ///     the consumers take
  public CompletionStage<Broker.Fate> deliver(DomainEvent event) {
    versions.bump(event.streams());
    while (true) {
      Line line = lines.computeIfAbsent(event.key(), _ -> new Line());
      Pending pending;
      boolean mine;
      synchronized (line) {
        if (line.over) {
          continue;
        }
        pending = line.waiting.computeIfAbsent(event.id(), _ -> new Pending(event));
        mine = !line.busy;
        line.busy = true;
      }
      if (mine) {
        run(event.key(), line);
      }
      return pending.fate;
    }
  }

  private void run(String key, Line line) {
    while (true) {
      Pending next = first(key, line);
      if (next == null) {
        return;
      }
      if (next.refusals == 0) {
        delay.record(Duration.between(next.event.occurredAt(), Instant.now()));
      }
      CompletableFuture<Void> answer = channel.send(next.event);
      if (!answer.isDone()) {
        var _ = answer.whenComplete((_, failure) -> answered(key, line, next, failure));
        return;
      }
      if (!settled(line, next, answer.isCompletedExceptionally() ? answer.exceptionNow() : null)) {
        again(key, line, next);
        return;
      }
    }
  }

  private void answered(String key, Line line, Pending pending, @Nullable Throwable failure) {
    if (settled(line, pending, failure)) {
      run(key, line);
    } else {
      again(key, line, pending);
    }
  }

  /// The oldest of the line; null, and the line is over, when there is none.
  private @Nullable Pending first(String key, Line line) {
    synchronized (line) {
      if (line.waiting.isEmpty()) {
        line.over = true;
        lines.remove(key, line);
        return null;
      }
      return line.waiting.values().iterator().next();
    }
  }

  private static boolean settled(Line line, Pending pending, @Nullable Throwable failure) {
    Broker.Fate fate;
    if (failure == null) {
      fate = Broker.Fate.Arrived.YES;
    } else if (failure instanceof DeadEvent dead) {
      fate = new Broker.Fate.Dead(String.valueOf(dead.getMessage()));
    } else {
      return false;
    }
    synchronized (line) {
      line.waiting.remove(pending.event.id());
    }
    pending.fate.complete(fate);
    return true;
  }

  private void again(String key, Line line, Pending pending) {
    pending.refusals++;
    Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(pending.refusals - 1, 6));
    Duration limited = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    node.scheduler().schedule(limited.toNanos(), () -> run(key, line));
  }
}

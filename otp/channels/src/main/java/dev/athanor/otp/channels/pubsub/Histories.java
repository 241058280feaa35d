package dev.athanor.otp.channels.pubsub;

import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The histories of the topics that are kept, made when a topic is first used and dropped some time
/// after its last event and its last subscriber.
///
/// Shared state: `rules` is replaced as a whole (volatile), `live` is a concurrent map, `sweeping`
/// says that a timer runs.
final class Histories {
  private record Rule(TopicPattern pattern, Retention bounds) {}

  private final PubSub pubSub;
  private final Scheduler scheduler;
  private final ConcurrentMap<String, History> live = new ConcurrentHashMap<>();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private volatile List<Rule> rules = List.of();

  Histories(PubSub pubSub, Scheduler scheduler) {
    this.pubSub = pubSub;
    this.scheduler = scheduler;
  }

  synchronized void keep(TopicPattern pattern, Retention bounds) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(new Rule(pattern, bounds));
    rules = List.copyOf(more);
  }

  /// How much of a topic is kept, by the first pattern that fits; null for nothing.
  @Nullable Retention of(String topic) {
    for (Rule rule : rules) {
      if (rule.pattern().fits(topic)) {
        return rule.bounds();
      }
    }
    return null;
  }

  void publish(Retention bounds, @Nullable Pid<?> from, Broadcast event) {
    while (!history(event.topic(), bounds).publish(pubSub, from, event, scheduler.nanoTime())) {
      Thread.onSpinWait();
    }
  }

  @Nullable Missed after(String topic, @Nullable String epoch, long offset) {
    Retention bounds = of(topic);
    if (bounds == null) {
      return null;
    }
    Missed missed = null;
    while (missed == null) {
      missed = history(topic, bounds).after(epoch, offset, scheduler.nanoTime());
    }
    return missed;
  }

  private History history(String topic, Retention bounds) {
    History found = live.get(topic);
    if (found == null) {
      found = live.computeIfAbsent(topic, wanted -> new History(bounds));
      sweepLater(bounds);
    }
    return found;
  }

  private void sweepLater(Retention bounds) {
    if (sweeping.compareAndSet(false, true)) {
      scheduler.schedule(
          bounds.age().toNanos(),
          () -> {
            sweeping.set(false);
            sweep();
            if (!live.isEmpty()) {
              sweepLater(bounds);
            }
          });
    }
  }

  private void sweep() {
    long now = scheduler.nanoTime();
    live.forEach(
        (topic, history) -> {
          if (history.dropIfOver(pubSub.subscribers(topic) > 0, now)) {
            live.remove(topic, history);
          }
        });
  }

  int size() {
    return live.size();
  }
}

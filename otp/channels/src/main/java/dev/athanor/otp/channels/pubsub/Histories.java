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
/// Shared state: `rules` is replaced as a whole (volatile); of a rule `live` is a concurrent map,
/// and `sweeping` says that its timer runs.
final class Histories {
  /// What is kept of some topics. Each rule looks after its own histories, at intervals of its own
  /// age: one that keeps for a day does not make others of a minute stay as long.
  static final class Rule {
    private final TopicPattern pattern;
    private final Retention bounds;
    private final ConcurrentMap<String, History> live = new ConcurrentHashMap<>();
    private final AtomicBoolean sweeping = new AtomicBoolean();

    private Rule(TopicPattern pattern, Retention bounds) {
      this.pattern = pattern;
      this.bounds = bounds;
    }
  }

  private final PubSub pubSub;
  private final Scheduler scheduler;
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

  /// The first rule that fits a topic; null when nothing of it is kept.
  @Nullable Rule of(String topic) {
    for (Rule rule : rules) {
      if (rule.pattern.fits(topic)) {
        return rule;
      }
    }
    return null;
  }

  void publish(Rule rule, @Nullable Pid<?> from, Broadcast event) {
    while (!history(event.topic(), rule).publish(pubSub, from, event, scheduler.nanoTime())) {
      Thread.onSpinWait();
    }
  }

  @Nullable Missed after(String topic, @Nullable String epoch, long offset) {
    Rule rule = of(topic);
    if (rule == null) {
      return null;
    }
    Missed missed = null;
    while (missed == null) {
      missed = history(topic, rule).after(epoch, offset, scheduler.nanoTime());
    }
    return missed;
  }

  /// The same, but null for a topic without a history too.
  @Nullable Missed afterIfKnown(String topic, @Nullable String epoch, long offset) {
    Rule rule = of(topic);
    History known = rule == null ? null : rule.live.get(topic);
    return known == null ? null : known.after(epoch, offset, scheduler.nanoTime());
  }

  private History history(String topic, Rule rule) {
    History found = rule.live.get(topic);
    if (found == null) {
      found = rule.live.computeIfAbsent(topic, wanted -> new History(rule.bounds));
      sweepLater(rule);
    }
    return found;
  }

  private void sweepLater(Rule rule) {
    if (rule.sweeping.compareAndSet(false, true)) {
      scheduler.schedule(
          rule.bounds.age().toNanos(),
          () -> {
            rule.sweeping.set(false);
            sweep(rule);
            if (!rule.live.isEmpty()) {
              sweepLater(rule);
            }
          });
    }
  }

  private void sweep(Rule rule) {
    long now = scheduler.nanoTime();
    rule.live.forEach(
        (topic, history) -> {
          if (history.dropIfOver(pubSub.subscribers(topic) > 0, now)) {
            rule.live.remove(topic, history);
          }
        });
  }

  int size() {
    return rules.stream().mapToInt(rule -> rule.live.size()).sum();
  }
}

package dev.athanor.domain.rabbitmq;

import dev.athanor.domain.outbox.Broker;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.domain.outbox.LocalDelivery;
import dev.athanor.domain.streams.StreamVersions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// What happens to messages that have come: they become events again and go to this node's
/// consumers. A node that hears everything leaves out what is not younger than the last event of
/// the same key, as far as it remembers: a second delivery would show readers the past.
///
/// Called by the threads of the connection, one for each channel.
final class Arrivals {
  private static final int REMEMBERED_KEYS = 10_000;

  private final LocalDelivery delivery;
  private final StreamVersions versions;
  private final boolean everything;
  private volatile boolean paused;

  /// By key, the one not seen for the longest first; guarded by itself.
  private final Map<String, Long> lastOfKey =
      new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED_KEYS;
        }
      };

  Arrivals(LocalDelivery delivery, StreamVersions versions, boolean everything) {
    this.delivery = delivery;
    this.versions = versions;
    this.everything = everything;
  }

  /// There is a connection, perhaps after a long time without.
  void connected() {
    versions.bumpAll();
  }

  /// A message is here; `settle` is told its fate once that is certain.
  void arrived(RabbitIntake.Taken taken, Consumer<Broker.Fate> settle) {
    DomainEvent event;
    try {
      event = EventMessage.event(taken.properties(), taken.body());
    } catch (IllegalArgumentException e) {
      settle.accept(new Broker.Fate.Dead("cannot be read: " + e.getMessage()));
      return;
    }
    if (!delivery.wanted() || (everything && isOld(event))) {
      versions.bump(event.streams());
      settle.accept(Broker.Fate.Arrived.YES);
      return;
    }
    delivery.deliver(event).thenAccept(settle);
  }

  boolean paused() {
    return paused;
  }

  void pause(boolean now) {
    paused = now;
  }

  private boolean isOld(DomainEvent event) {
    synchronized (lastOfKey) {
      Long last = lastOfKey.get(event.key());
      if (last != null && last >= event.seq()) {
        return true;
      }
      lastOfKey.put(event.key(), event.seq());
      return false;
    }
  }
}

package dev.athanor.processor.stats;

import dev.athanor.domain.outbox.DomainEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a batch of events adds to the counters of one stream.
record Tally(long published, long updated, long withdrawn, Instant lastAt) {

  /// The additions of a batch by stream, in the order of the slugs: rows are always locked in that
  /// order, so that two batches never wait for each other in a circle.
  static Map<String, Tally> byStream(List<DomainEvent> batch) {
    Map<String, Tally> tallies = new TreeMap<>();
    for (DomainEvent event : batch) {
      Tally one = of(event);
      event.streams().stream()
          .distinct()
          .forEach(stream -> tallies.merge(stream, one, Tally::plus));
    }
    return tallies;
  }

  private static Tally of(DomainEvent event) {
    return new Tally(
        event.type().equals(DomainEvent.POST_PUBLISHED) ? 1 : 0,
        event.type().equals(DomainEvent.POST_UPDATED) ? 1 : 0,
        event.type().equals(DomainEvent.POST_WITHDRAWN) ? 1 : 0,
        event.occurredAt());
  }

  private Tally plus(Tally other) {
    return new Tally(
        published + other.published,
        updated + other.updated,
        withdrawn + other.withdrawn,
        lastAt.isAfter(other.lastAt) ? lastAt : other.lastAt);
  }
}

package dev.athanor.processor.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.outbox.DomainEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final Instant EARLY = Instant.parse("2026-01-01T10:00:00Z");
  private static final Instant LATE = EARLY.plusSeconds(5);

  @Test
  void byStream_mixedBatch_countsPerStreamAndType() {
    Map<String, Tally> tallies =
        Tally.byStream(
            List.of(
                event(DomainEvent.POST_PUBLISHED, LATE, "news", "football"),
                event(DomainEvent.POST_PUBLISHED, EARLY, "news"),
                event(DomainEvent.POST_UPDATED, EARLY, "football"),
                event(DomainEvent.POST_WITHDRAWN, EARLY, "tennis", "tennis")));

    assertThat(tallies)
        .containsExactly(
            Map.entry("football", new Tally(1, 1, 0, LATE)),
            Map.entry("news", new Tally(2, 0, 0, LATE)),
            Map.entry("tennis", new Tally(0, 0, 1, EARLY)));
  }

  @Test
  void byStream_eventWithoutStreams_addsNothing() {
    assertThat(Tally.byStream(List.of(event(DomainEvent.POST_PUBLISHED, EARLY)))).isEmpty();
  }

  private static DomainEvent event(String type, Instant at, String... streams) {
    return new DomainEvent(UUID.randomUUID(), 1, type, "key", "{}", List.of(streams), at);
  }
}

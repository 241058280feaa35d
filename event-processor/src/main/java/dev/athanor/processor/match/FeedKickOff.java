package dev.athanor.processor.match;

import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.processor.events.EventConsumer;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/// The consumer that gives the matches of an imported feed their processes. A repeated event finds
/// them running or over, and does nothing.
@ApplicationScoped
class FeedKickOff implements EventConsumer {
  private final Matches matches;

  FeedKickOff(Matches matches) {
    this.matches = matches;
  }

  @Override
  public String name() {
    return "kick-off";
  }

  @Override
  public boolean wants(String type) {
    return type.equals(DomainEvent.FEED_IMPORTED);
  }

  @Override
  public Uni<Void> apply(List<DomainEvent> batch) {
    // All are asked at once: who asked after an answer would ask within the keeper's own turn.
    return Uni.join()
        .all(batch.stream().map(event -> matches.begin(UUID.fromString(event.key()))).toList())
        .andFailFast()
        .replaceWithVoid();
  }
}

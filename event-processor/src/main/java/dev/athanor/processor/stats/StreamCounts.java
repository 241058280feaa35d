package dev.athanor.processor.stats;

import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.processor.events.EventConsumer;
import dev.athanor.processor.events.Ledger;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The consumer that counts: for each stream, how often a post was published, updated and withdrawn
/// on it, and when that last happened; table `stream_stats`. An update that moves a post counts on
/// the streams it left as well.
@ApplicationScoped
public class StreamCounts implements EventConsumer {
  private static final String ADD =
      """
      insert into stream_stats as s (stream, published, updated, withdrawn, last_at)
      select * from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[])
      on conflict (stream) do update set
        published = s.published + excluded.published,
        updated = s.updated + excluded.updated,
        withdrawn = s.withdrawn + excluded.withdrawn,
        last_at = greatest(s.last_at, excluded.last_at)\
      """;

  private final Ledger ledger;

  StreamCounts(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public String name() {
    return "stream-counts";
  }

  @Override
  public boolean wants(String type) {
    return DomainEvent.isOfPost(type);
  }

  @Override
  public Uni<Void> apply(List<DomainEvent> batch) {
    return ledger.once(name(), batch, StreamCounts::add);
  }

  private static Uni<Void> add(SqlConnection connection, List<DomainEvent> events) {
    Map<String, Tally> tallies = Tally.byStream(events);
    if (tallies.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Collection<Tally> values = tallies.values();
    return connection
        .preparedQuery(ADD)
        .execute(
            Tuple.of(
                tallies.keySet().toArray(String[]::new),
                column(values, Tally::published),
                column(values, Tally::updated),
                column(values, Tally::withdrawn),
                values.stream()
                    .map(tally -> tally.lastAt().atOffset(ZoneOffset.UTC))
                    .toArray(OffsetDateTime[]::new)))
        .replaceWithVoid();
  }

  private static Long[] column(Collection<Tally> tallies, ToLongFunction<Tally> number) {
    return tallies.stream().map(number::applyAsLong).toArray(Long[]::new);
  }
}

package dev.athanor.processor.enrichment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.processor.events.EventConsumer;
import dev.athanor.processor.events.Ledger;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/// The consumer that enriches: for each published post its [Enrichment], table `post_enrichment`. A
/// withdrawn post loses its row, and an event of before that comes again does not bring it back.
/// The youngest event of a post wins, whatever order they come in.
@ApplicationScoped
public class Enrichments implements EventConsumer {
  private static final String STORE =
      """
      insert into post_enrichment as e (post_id, words, reading_seconds, links, event_seq)
      select id, words, seconds, links::jsonb, seq
        from unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::bigint[])
          as new (id, words, seconds, links, seq)
       where exists (select from post p where p.id = new.id and p.status = 'published')
       order by id
      on conflict (post_id) do update set
        words = excluded.words,
        reading_seconds = excluded.reading_seconds,
        links = excluded.links,
        event_seq = excluded.event_seq,
        enriched_at = now()
      where e.event_seq < excluded.event_seq\
      """;

  private static final String REMOVE = "delete from post_enrichment where post_id = any($1)";

  private final Ledger ledger;
  private final ObjectMapper json;

  Enrichments(Ledger ledger, ObjectMapper json) {
    this.ledger = ledger;
    this.json = json;
  }

  @Override
  public String name() {
    return "enrichment";
  }

  @Override
  public boolean wants(String type) {
    return DomainEvent.isOfPost(type);
  }

  @Override
  public Uni<Void> apply(List<DomainEvent> batch) {
    return ledger.once(name(), batch, this::store);
  }

  private Uni<Void> store(SqlConnection connection, List<DomainEvent> events) {
    Map<UUID, DomainEvent> youngest = new TreeMap<>();
    for (DomainEvent event : events) {
      youngest.merge(UUID.fromString(event.key()), event, Enrichments::younger);
    }
    UUID[] withdrawn =
        youngest.entrySet().stream()
            .filter(entry -> entry.getValue().type().equals(DomainEvent.POST_WITHDRAWN))
            .map(Map.Entry::getKey)
            .toArray(UUID[]::new);
    youngest.keySet().removeAll(Set.of(withdrawn));
    List<Enrichment> found = youngest.values().stream().map(Enrichments::enrich).toList();
    Tuple rows =
        Tuple.of(
            youngest.keySet().toArray(UUID[]::new),
            found.stream().map(Enrichment::words).toArray(Integer[]::new),
            found.stream().map(Enrichment::readingSeconds).toArray(Integer[]::new),
            found.stream().map(each -> json(each.links())).toArray(String[]::new),
            youngest.values().stream().map(DomainEvent::seq).toArray(Long[]::new));
    return run(connection, STORE, rows, found.isEmpty())
        .chain(() -> run(connection, REMOVE, Tuple.of((Object) withdrawn), withdrawn.length == 0));
  }

  private static Uni<Void> run(SqlConnection connection, String sql, Tuple values, boolean skip) {
    return skip
        ? Uni.createFrom().voidItem()
        : connection.preparedQuery(sql).execute(values).replaceWithVoid();
  }

  private static DomainEvent younger(DomainEvent a, DomainEvent b) {
    return a.seq() > b.seq() ? a : b;
  }

  private static Enrichment enrich(DomainEvent event) {
    return Enrichment.of(PostJson.decode(event.payload()).body());
  }

  private String json(List<Link> links) {
    try {
      return json.writeValueAsString(links);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("Links could not be written as JSON", impossible);
    }
  }
}

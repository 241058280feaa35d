package dev.athanor.apps.chaos;

import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.processor.events.EventConsumer;
import dev.athanor.processor.events.Ledger;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/// The consumer of the chaos run: its effect is a line for each event in a table that has no key
/// and no constraint, so that an effect that happens twice is there twice, and one out of its
/// order stands out of its order. Only the run's own publishers and the run itself know the table.
@ApplicationScoped
public class ChaosLedger implements EventConsumer {
  private static final String WRITE =
      """
      INSERT INTO chaos.effect (key, n)
      SELECT key, n FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS new (key, n, place)
      ORDER BY place\
      """;

  private final Ledger ledger;

  ChaosLedger(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public String name() {
    return "chaos";
  }

  @Override
  public boolean wants(String type) {
    return type.equals("chaos");
  }

  @Override
  public Uni<Void> apply(List<DomainEvent> batch) {
    return ledger.once(name(), batch, ChaosLedger::write);
  }

  private static Uni<Void> write(SqlConnection connection, List<DomainEvent> events) {
    String[] keys = events.stream().map(DomainEvent::key).toArray(String[]::new);
    Long[] numbers =
        events.stream().map(event -> Long.valueOf(event.payload())).toArray(Long[]::new);
    return connection.preparedQuery(WRITE).execute(Tuple.of(keys, numbers)).replaceWithVoid();
  }
}

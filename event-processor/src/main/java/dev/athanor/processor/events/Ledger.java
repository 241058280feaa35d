package dev.athanor.processor.events;

import dev.athanor.domain.outbox.DomainEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;

/// The record of which events have had their effect, table `processed_event`. An event's id is
/// written there in the transaction of its effect, so that either both are there or neither,
/// however often the event is delivered and wherever a process, a node or the database dies in
/// between.
///
/// Any thread may use it.
@ApplicationScoped
public class Ledger {
  private static final String REMEMBER =
      """
      insert into processed_event (consumer, event_id)
      select $1, id from unnest($2::uuid[]) as new (id)
      on conflict do nothing
      returning event_id\
      """;

  private static final String FORGET =
      """
      delete from processed_event where ctid = any(array(
        select ctid from processed_event
        where processed_at < now() - make_interval(secs => $1)
        limit $2 for update skip locked))\
      """;

  private final Pool pool;

  Ledger(Pool pool) {
    this.pool = pool;
  }

  /// Lets a consumer's effect happen once for every event of a batch, in one transaction.
  ///
  /// @param consumer whose effect it is
  /// @param batch the events, repetitions allowed
  /// @param effect given the open transaction and those events that have had no effect yet, in
  ///     their order; not called when there are none
  /// @return completes after the commit
  public Uni<Void> once(
      String consumer,
      List<DomainEvent> batch,
      BiFunction<SqlConnection, List<DomainEvent>, Uni<Void>> effect) {
    Map<UUID, DomainEvent> byId = new LinkedHashMap<>();
    batch.forEach(event -> byId.putIfAbsent(event.id(), event));
    UUID[] ids = byId.keySet().stream().sorted().toArray(UUID[]::new);
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(REMEMBER)
                .execute(Tuple.of(consumer, ids))
                .chain(
                    fresh -> {
                      byId.keySet().retainAll(idsOf(fresh));
                      return byId.isEmpty()
                          ? Uni.createFrom().voidItem()
                          : effect.apply(connection, List.copyOf(byId.values()));
                    }));
  }

  /// Forgets what happened longer ago than a redelivery can come.
  ///
  /// @param limit how many events at most, so that nobody waits for it
  /// @return how many events were forgotten
  Uni<Integer> forgetOlderThan(Duration age, int limit) {
    return pool.preparedQuery(FORGET)
        .execute(Tuple.of((double) age.toSeconds(), limit))
        .map(RowSet::rowCount);
  }

  private static List<UUID> idsOf(RowSet<Row> rows) {
    return rows.stream().map(row -> row.getUUID(0)).toList();
  }
}

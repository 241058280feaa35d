package dev.athanor.domain.outbox;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The statements on the outbox, and how a row becomes an event.
final class OutboxRows {
  private static final String COLUMNS =
      "SELECT event_id, seq, type, key, payload, streams, created_at FROM outbox ";
  private static final String WAITING =
      COLUMNS + "WHERE published_at IS NULL ORDER BY seq LIMIT $1";
  private static final String NAMED = COLUMNS + "WHERE seq = ANY ($1) ORDER BY seq";
  private static final String SINCE = COLUMNS + "WHERE seq > $1 ORDER BY seq LIMIT $2";
  private static final String MARK =
      "UPDATE outbox SET published_at = clock_timestamp() WHERE seq = ANY ($1)";
  private static final String PRUNE =
      """
      DELETE FROM outbox WHERE seq IN (
        SELECT seq FROM outbox
        WHERE published_at < clock_timestamp() - make_interval(secs => $1) LIMIT $2)
      """;

  private OutboxRows() {}

  static Future<List<DomainEvent>> waiting(SqlClient client, int limit) {
    return client.preparedQuery(WAITING).execute(Tuple.of(limit)).map(OutboxRows::events);
  }

  static Future<List<DomainEvent>> named(SqlClient client, Collection<Long> seqs) {
    return client.preparedQuery(NAMED).execute(array(seqs)).map(OutboxRows::events);
  }

  static Future<List<DomainEvent>> since(SqlClient client, long seq, int limit) {
    return client.preparedQuery(SINCE).execute(Tuple.of(seq, limit)).map(OutboxRows::events);
  }

  static Future<Long> last(SqlClient client) {
    return client
        .preparedQuery("SELECT coalesce(max(seq), 0) FROM outbox")
        .execute()
        .map(rows -> rows.iterator().next().getLong(0));
  }

  static Future<Integer> mark(SqlClient client, Collection<Long> seqs) {
    return client.preparedQuery(MARK).execute(array(seqs)).map(RowSet::rowCount);
  }

  static Future<Integer> prune(SqlClient client, double olderThanSeconds, int limit) {
    return client
        .preparedQuery(PRUNE)
        .execute(Tuple.of(olderThanSeconds, limit))
        .map(RowSet::rowCount);
  }

  private static Tuple array(Collection<Long> seqs) {
    return Tuple.tuple().addArrayOfLong(seqs.toArray(Long[]::new));
  }

  private static List<DomainEvent> events(RowSet<Row> rows) {
    List<DomainEvent> events = new ArrayList<>(rows.size());
    for (Row row : rows) {
      events.add(
          new DomainEvent(
              row.getUUID(0),
              row.getLong(1),
              row.getString(2),
              row.getString(3),
              row.getString(4),
              List.of(row.getArrayOfStrings(5)),
              row.getOffsetDateTime(6).toInstant()));
    }
    return events;
  }
}

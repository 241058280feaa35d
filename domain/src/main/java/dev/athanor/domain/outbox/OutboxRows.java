package dev.athanor.domain.outbox;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// The statements on the outbox, and how a row becomes an event.
final class OutboxRows {
  private static final String COLUMNS = "event_id, seq, type, key, payload, streams, created_at";
  private static final String WAITING =
      "SELECT " + COLUMNS + " FROM outbox WHERE published_at IS NULL AND dead_at IS NULL";
  private static final String UNKNOWN =
      WAITING + " AND shard = $1 AND seq <> ALL ($2) ORDER BY seq LIMIT $3";
  private static final String UNSEEN =
      """
      SELECT event_id, seq, type, key, payload, streams, created_at, horizon::text, xid::text
      FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon) now
      LEFT JOIN LATERAL (
        SELECT * FROM outbox
        WHERE xid >= least($1::text::xid8, horizon) AND seq <> ALL ($2)
        ORDER BY seq LIMIT $3) o ON true
      """;
  private static final String MARK =
      "UPDATE outbox SET published_at = clock_timestamp() WHERE seq = ANY ($1)";
  private static final String BURY =
      "UPDATE outbox SET dead_at = clock_timestamp(), reason = $2 WHERE seq = $1";
  private static final String PRUNE =
      """
      DELETE FROM outbox WHERE seq IN (
        SELECT seq FROM outbox
        WHERE published_at < clock_timestamp() - make_interval(secs => $1)
        LIMIT $2 FOR UPDATE SKIP LOCKED)
      """;
  private static final String REPLAY =
      """
      WITH again AS (
        UPDATE outbox SET dead_at = NULL, reason = NULL WHERE seq IN (
          SELECT seq FROM outbox WHERE dead_at IS NOT NULL
          ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED)
        RETURNING shard)
      SELECT count(*), count(pg_notify('athanor_outbox', shard::text)) FROM again
      """;
  private static final String DEAD =
      """
      SELECT event_id, type, key, reason, dead_at FROM outbox
      WHERE dead_at IS NOT NULL ORDER BY seq LIMIT $1
      """;
  private static final String DEPTH =
      """
      SELECT s, count(o.seq),
        extract(epoch FROM clock_timestamp() - min(o.created_at))::double precision
      FROM generate_series(0, $1 - 1) s
      LEFT JOIN outbox o ON o.shard = s AND o.published_at IS NULL AND o.dead_at IS NULL
      GROUP BY s ORDER BY s
      """;

  /// What a queue holds that so many events of a shard wait in are the youngest of those that are
  /// marked: the oldest of them, or the oldest there is when older ones are pruned.
  private static final String LAGS =
      """
      SELECT extract(epoch FROM clock_timestamp() - o.created_at)::double precision
      FROM unnest($1::int[], $2::bigint[]) WITH ORDINALITY AS q (shard, waiting, i)
      LEFT JOIN LATERAL (
        SELECT * FROM (
          SELECT seq, created_at FROM outbox
          WHERE (q.shard < 0 OR outbox.shard = q.shard) AND published_at IS NOT NULL
          ORDER BY seq DESC LIMIT q.waiting) youngest
        ORDER BY seq LIMIT 1) o ON true
      ORDER BY i
      """;

  /// The most events that are looked at for the age of a queue's oldest.
  private static final long LOOKED_AT = 100_000;

  private OutboxRows() {}

  /// What a follower has not seen yet.
  ///
  /// @param events in the order of their places
  /// @param writers the transactions that wrote them, in the same order
  /// @param horizon every transaction below it was over at this look
  record Look(List<DomainEvent> events, List<Long> writers, long horizon) {}

  /// Events of a shard that wait, without those that are known, the lowest place first.
  static Future<List<DomainEvent>> unknown(
      SqlClient client, int shard, Collection<Long> known, int limit) {
    return client
        .preparedQuery(UNKNOWN)
        .execute(Tuple.of((short) shard, known.toArray(Long[]::new), limit))
        .map(OutboxRows::events);
  }

  /// Events of transactions at or above the horizon, without those that are known.
  static Future<Look> unseen(SqlClient client, long horizon, Collection<Long> known, int limit) {
    return client
        .preparedQuery(UNSEEN)
        .execute(Tuple.of(Long.toString(horizon), known.toArray(Long[]::new), limit))
        .map(OutboxRows::look);
  }

  static Future<Integer> mark(SqlClient client, Collection<Long> seqs) {
    return client
        .preparedQuery(MARK)
        .execute(Tuple.tuple().addArrayOfLong(seqs.toArray(Long[]::new)))
        .map(RowSet::rowCount);
  }

  static Future<Integer> bury(SqlClient client, long seq, String reason) {
    return client.preparedQuery(BURY).execute(Tuple.of(seq, reason)).map(RowSet::rowCount);
  }

  static Future<Integer> prune(SqlClient client, double olderThanSeconds, int limit) {
    return client
        .preparedQuery(PRUNE)
        .execute(Tuple.of(olderThanSeconds, limit))
        .map(RowSet::rowCount);
  }

  static Future<Integer> replay(SqlClient client, int limit) {
    return client
        .preparedQuery(REPLAY)
        .execute(Tuple.of(limit))
        .map(rows -> rows.iterator().next().getLong(0).intValue());
  }

  static Future<List<Broker.DeadLetter>> dead(SqlClient client, int limit) {
    return client
        .preparedQuery(DEAD)
        .execute(Tuple.of(limit))
        .map(
            rows -> {
              List<Broker.DeadLetter> dead = new ArrayList<>(rows.size());
              for (Row row : rows) {
                Instant at = row.getOffsetDateTime(4).toInstant();
                dead.add(
                    new Broker.DeadLetter(
                        row.getUUID(0), row.getString(1), row.getString(2), row.getString(3), at));
              }
              return dead;
            });
  }

  /// What waits in each shard, in the order of the shards.
  static Future<List<Broker.Depth>> depth(SqlClient client) {
    return client
        .preparedQuery(DEPTH)
        .execute(Tuple.of(Shards.COUNT))
        .map(
            rows -> {
              List<Broker.Depth> depths = new ArrayList<>(rows.size());
              for (Row row : rows) {
                depths.add(
                    new Broker.Depth(
                        "outbox." + row.getInteger(0),
                        row.getInteger(0),
                        row.getLong(1),
                        row.getDouble(2),
                        -1));
              }
              return depths;
            });
  }

  /// The same depths, of a broker's queues, with the ages of their oldest events where these can be
  /// told.
  static Future<List<Broker.Depth>> withLags(SqlClient client, List<Broker.Depth> queues) {
    List<Broker.Depth> asked =
        queues.stream()
            .filter(each -> each.waiting() > 0 && each.shard() != Broker.Depth.NO_SHARD)
            .toList();
    if (asked.isEmpty()) {
      return Future.succeededFuture(queues);
    }
    Integer[] shards = asked.stream().map(Broker.Depth::shard).toArray(Integer[]::new);
    Long[] waiting =
        asked.stream().map(each -> Math.min(each.waiting(), LOOKED_AT)).toArray(Long[]::new);
    return client
        .preparedQuery(LAGS)
        .execute(Tuple.tuple().addArrayOfInteger(shards).addArrayOfLong(waiting))
        .map(
            rows -> {
              Map<String, Broker.Depth> known = new HashMap<>();
              Iterator<Broker.Depth> depth = asked.iterator();
              for (Row row : rows) {
                Broker.Depth each = depth.next();
                known.put(each.name(), each.withLag(row.getDouble(0)));
              }
              return queues.stream().map(each -> known.getOrDefault(each.name(), each)).toList();
            });
  }

  private static List<DomainEvent> events(RowSet<Row> rows) {
    List<DomainEvent> events = new ArrayList<>(rows.size());
    for (Row row : rows) {
      events.add(event(row));
    }
    return events;
  }

  private static Look look(RowSet<Row> rows) {
    List<DomainEvent> events = new ArrayList<>(rows.size());
    List<Long> writers = new ArrayList<>(rows.size());
    long horizon = 0;
    for (Row row : rows) {
      horizon = Long.parseLong(row.getString(7));
      if (row.getValue(0) != null) {
        events.add(event(row));
        writers.add(Long.parseLong(row.getString(8)));
      }
    }
    return new Look(events, writers, horizon);
  }

  private static DomainEvent event(Row row) {
    return new DomainEvent(
        row.getUUID(0),
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        List.of(row.getArrayOfStrings(5)),
        row.getOffsetDateTime(6).toInstant());
  }
}

package dev.athanor.processor.work;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/// Table `work`: what is to be done, who has it in hand, what was given up. Taking an item puts its
/// due time off by the lease; whoever dies with it loses nothing but that time. Any number of nodes
/// may take at once, nobody waits for another (SKIP LOCKED). Any thread; nothing blocks.
@ApplicationScoped
public class WorkTable {
  private static final String ADD =
      """
      INSERT INTO work AS w (kind, key, event_seq, payload)
      SELECT $1, key, seq, payload FROM unnest($2::text[], $3::bigint[], $4::text[])
        AS n (key, seq, payload) ORDER BY key
      ON CONFLICT (kind, key) DO UPDATE SET event_seq = excluded.event_seq,
        payload = excluded.payload, created_at = excluded.created_at, due_at = excluded.due_at,
        attempts = 0, problem = NULL
        WHERE w.event_seq < excluded.event_seq
      """;

  private static final String TAKE =
      """
      WITH due AS (
        SELECT kind, key FROM work WHERE kind = $1 AND due_at <= clock_timestamp()
        ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
      )
      UPDATE work w SET due_at = clock_timestamp() + make_interval(secs => $3),
        attempts = attempts + 1
      FROM due WHERE w.kind = due.kind AND w.key = due.key
      RETURNING w.key, w.event_seq, w.payload, w.created_at, w.attempts
      """;

  private static final String SAME = "WHERE kind = $1 AND key = $2 AND event_seq = $3";

  private static final String DONE = "DELETE FROM work " + SAME;

  private static final String LATER =
      "UPDATE work SET problem = $4, due_at = clock_timestamp() + make_interval(secs => $5) "
          + SAME;

  private static final String GIVE_UP = "UPDATE work SET problem = $4, due_at = 'infinity' " + SAME;

  private final Pool pool;

  WorkTable(Pool pool) {
    this.pool = pool;
  }

  /// Writes work down within a transaction of the caller's, due at once. Whoever does it is to be
  /// woken after the commit ([WorkTree#wake]).
  ///
  /// @param items no two about the same
  public Uni<Void> add(SqlConnection transaction, String kind, Collection<WorkItem> items) {
    return items.isEmpty()
        ? Uni.createFrom().voidItem()
        : transaction
            .preparedQuery(ADD)
            .execute(
                Tuple.of(
                    kind,
                    items.stream().map(WorkItem::key).toArray(String[]::new),
                    items.stream().map(WorkItem::seq).toArray(Long[]::new),
                    items.stream().map(WorkItem::payload).toArray(String[]::new)))
            .replaceWithVoid();
  }

  /// Takes what is due, longest first.
  ///
  /// @param atMost how many items
  /// @param lease how long they are nobody else's
  Uni<List<WorkItem>> take(String kind, int atMost, Duration lease) {
    return pool.preparedQuery(TAKE)
        .execute(Tuple.of(kind, atMost, seconds(lease)))
        .map(rows -> rows.stream().map(WorkTable::item).toList());
  }

  /// It is done, unless a younger event wants it done again.
  Uni<Void> done(String kind, WorkItem item) {
    return pool.preparedQuery(DONE)
        .execute(Tuple.of(kind, item.key(), item.seq()))
        .replaceWithVoid();
  }

  /// It is to be tried again.
  Uni<Void> later(String kind, WorkItem item, String problem, Duration delay) {
    return pool.preparedQuery(LATER)
        .execute(Tuple.of(kind, item.key(), item.seq(), problem, seconds(delay)))
        .replaceWithVoid();
  }

  /// It is tried no more, and kept.
  Uni<Void> giveUp(String kind, WorkItem item, String problem) {
    return pool.preparedQuery(GIVE_UP)
        .execute(Tuple.of(kind, item.key(), item.seq(), problem))
        .replaceWithVoid();
  }

  private static WorkItem item(Row row) {
    return new WorkItem(
        row.getString(0),
        row.getLong(1),
        row.getString(2),
        row.getOffsetDateTime(3).toInstant(),
        row.getInteger(4));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}

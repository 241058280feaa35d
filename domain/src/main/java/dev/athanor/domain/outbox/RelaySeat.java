package dev.athanor.domain.outbox;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A relay's part in the election for its shard, by advisory locks of its connection, which end
/// with it. Every candidate holds a shared lock under its node's number; who relays holds the
/// exclusive lock. Candidates see each other in `pg_locks` and agree by the order of their numbers
/// who ought to relay, so that nodes share the shards; the exclusive lock alone decides who does.
final class RelaySeat {
  /// The first of as many lock classes as there are shards.
  private static final int FIRST_CLASS = 0x41746800;

  private static final int RELAY = 0;

  private static final String CANDIDATES =
      """
      SELECT objid::bigint FROM pg_locks
      WHERE locktype = 'advisory' AND classid::bigint = $1 AND objid::bigint > 0 AND objsubid = 2
        AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """;

  private final int shard;
  private final int node;

  /// @param shard the shard
  /// @param node this node's number, above 0, different from other nodes' as far as chance allows
  RelaySeat(int shard, int node) {
    this.shard = shard;
    this.node = node;
  }

  /// Becomes a candidate.
  Future<?> join(SqlConnection on) {
    return run(on, "SELECT pg_advisory_lock_shared($1, $2)", node);
  }

  /// Is none any more.
  Future<?> leave(SqlConnection on) {
    return run(on, "SELECT pg_advisory_unlock_shared($1, $2)", node);
  }

  /// Whether this node's relay ought to be the one, if it is a candidate at all.
  Future<Boolean> assigned(SqlConnection on) {
    return on.preparedQuery(CANDIDATES)
        .execute(Tuple.of((long) FIRST_CLASS + shard))
        .map(
            rows -> {
              List<Long> candidates = new ArrayList<>();
              for (Row row : rows) {
                candidates.add(row.getLong(0));
              }
              Collections.sort(candidates);
              return !candidates.isEmpty() && candidates.get(shard % candidates.size()) == node;
            });
  }

  /// Tries to be the relay.
  Future<Boolean> take(SqlConnection on) {
    return run(on, "SELECT pg_try_advisory_lock($1, $2)", RELAY)
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /// Is the relay no longer.
  Future<?> give(SqlConnection on) {
    return run(on, "SELECT pg_advisory_unlock($1, $2)", RELAY);
  }

  private Future<RowSet<Row>> run(SqlConnection on, String sql, int what) {
    return on.preparedQuery(sql).execute(Tuple.of(FIRST_CLASS + shard, what));
  }
}

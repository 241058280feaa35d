package dev.athanor.domain.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.domain.store.Store;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OutboxFollowerTest.Following.class)
class OutboxFollowerTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /// The follower's connection: the one whose last statement was to listen, or a read.
  private static final String CUT =
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND (query LIKE 'LISTEN %' OR query LIKE '%pg_snapshot_xmin%')
      """;

  private static final String APPEND_MANY =
      """
      INSERT INTO outbox (type, key, payload, streams)
      SELECT 'test', $1, 'event ' || i, '{news}' FROM generate_series(1, $2) i ORDER BY i
      """;

  public static class Following implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("athanor.events.source", "follow", "athanor.home", "target/athanor-follow");
    }
  }

  @Inject Outbox outbox;
  @Inject Store store;
  @Inject Pool pool;
  @Inject RecordingConsumers consumers;

  @Test
  void append_committed_isHeardAndNotMarked() {
    following();
    String key = key();

    append(key, "one").chain(() -> append(key, "two")).await().atMost(SOON);

    await().until(() -> payloads(key).equals(List.of("one", "two")));
    assertThat(
            run("SELECT count(*) FROM outbox WHERE published_at IS NOT NULL", Tuple.tuple())
                .iterator()
                .next()
                .getLong(0))
        .isZero();
  }

  @Test
  void connection_cut_hearsEverythingThatWasAppendedMeanwhile() {
    following();
    String key = key();
    int missed = 1_000;

    run(CUT, Tuple.tuple());
    run(APPEND_MANY, Tuple.of(key, missed));

    await().atMost(SOON).until(() -> payloads(key).size() >= missed);
    assertThat(payloads(key).stream().distinct())
        .isEqualTo(IntStream.rangeClosed(1, missed).mapToObj(i -> "event " + i).toList());
    String after = key();
    append(after, "one").await().atMost(SOON);
    await().until(() -> payloads(after).equals(List.of("one")));
  }

  @Test
  void append_lowerPlaceCommittedAfterAHigherOne_isHeardAlsoAcrossACut() throws Exception {
    following();
    String late = key();
    String early = key();
    SqlConnection holder = pool.getConnection().toCompletionStage().toCompletableFuture().get();
    Transaction open = holder.begin().toCompletionStage().toCompletableFuture().get();
    holder
        .preparedQuery(APPEND_MANY)
        .execute(Tuple.of(late, 3))
        .toCompletionStage()
        .toCompletableFuture()
        .get();
    append(early, "passes by").await().atMost(SOON);
    await().until(() -> payloads(early).equals(List.of("passes by")));
    following();
    assertThat(payloads(late)).isEmpty();

    run(CUT, Tuple.tuple());
    open.commit().toCompletionStage().toCompletableFuture().get();
    holder.close();

    await()
        .atMost(SOON)
        .until(() -> payloads(late).equals(List.of("event 1", "event 2", "event 3")));
    assertThat(payloads(early)).containsExactly("passes by");
  }

  /// Waits until the follower hears: events of before are none of its business.
  private void following() {
    await()
        .atMost(SOON)
        .until(
            () -> {
              String key = key();
              append(key, "are you there").await().atMost(SOON);
              return !consumers.quick(key).isEmpty();
            });
  }

  private List<String> payloads(String key) {
    return consumers.quick(key).stream().map(DomainEvent::payload).toList();
  }

  private Uni<Void> append(String key, String payload) {
    return store.write(unit -> outbox.append(unit, "test", key, payload, List.of("news")));
  }

  private RowSet<Row> run(String sql, Tuple parameters) {
    return pool.preparedQuery(sql)
        .execute(parameters)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }
}

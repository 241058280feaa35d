package dev.athanor.domain.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.domain.store.Database;
import dev.athanor.domain.store.Store;
import dev.athanor.domain.streams.StreamVersions;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.ServerSelf;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  @Inject OutboxProcesses processes;
  @Inject Database database;
  @Inject LocalDelivery delivery;
  @Inject StreamVersions versions;
  @Inject Node node;
  @Inject Vertx vertx;
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

  @Test
  void connection_goesDeadWithoutAWord_isReplaced() throws Exception {
    try (Wire wire = Wire.to(database.connectOptions().getPort())) {
      Pid<?> follower = follow(wire, Duration.ofMillis(400));
      looking(wire);
      assertThat(wire.made()).isOne();

      wire.freeze();

      await().atMost(SOON).until(() -> wire.made() == 2 && wire.open() == 1);
      looking(wire);
      GenServer.stop(follower).toCompletableFuture().get();
      await().atMost(SOON).until(() -> wire.open() == 0);
    }
  }

  @Test
  void connection_deadBeforeItListens_isTriedAgainAndLeavesNothingOpen() throws Exception {
    try (Wire wire = Wire.to(database.connectOptions().getPort())) {
      wire.freezeAt("LISTEN");
      Pid<?> follower = follow(wire, Duration.ofMillis(400));

      await().atMost(SOON).until(() -> wire.made() == 3);
      await().atMost(SOON).until(() -> wire.open() <= 1);
      wire.freezeAt(null);
      looking(wire);
      GenServer.stop(follower).toCompletableFuture().get();
    }
  }

  @Test
  void listen_session_isToldToEndSoonWhenItsClientIsGone() throws Exception {
    CompletableFuture<Row> settings = new CompletableFuture<>();
    Pid<Object> listening =
        GenServer.start(node, new Listening(new DatabaseListener(vertx, database), settings))
            .toCompletableFuture()
            .get()
            .orThrow();

    Row set = settings.get(20, TimeUnit.SECONDS);

    assertThat(List.of(set.getString(0), set.getString(1), set.getString(2), set.getString(3)))
        .containsExactly("5", "2", "3", "10000");
    GenServer.stop(listening).toCompletableFuture().get();
  }

  @Test
  void pause_resume_holdsEventsAndHearsThemAfter() {
    following();
    String key = key();
    processes.broker().pause();
    try {
      append(key, "one").await().atMost(SOON);
      await().during(Duration.ofMillis(300)).until(() -> payloads(key).isEmpty());
    } finally {
      processes.broker().resume();
    }
    await().until(() -> payloads(key).equals(List.of("one")));
  }

  /// A process with a listening connection, that tells how its session is set.
  private record Listening(DatabaseListener database, CompletableFuture<Row> settings)
      implements GenServer<Object, Boolean> {
    @Override
    public InitResult<Boolean> init(ServerSelf<Object> self) {
      database
          .listen(self, _ -> {}, _ -> {})
          .compose(
              connection ->
                  connection
                      .query(
                          "SELECT current_setting('tcp_keepalives_idle'),"
                              + " current_setting('tcp_keepalives_interval'),"
                              + " current_setting('tcp_keepalives_count'),"
                              + " current_setting('tcp_user_timeout')")
                      .execute())
          .onSuccess(rows -> settings.complete(rows.iterator().next()))
          .onFailure(settings::completeExceptionally);
      return InitResult.ok(true);
    }
  }

  private static void looking(Wire wire) {
    long before = wire.carried();
    await().atMost(SOON).until(() -> wire.carried() > before + 3);
  }

  private Pid<?> follow(Wire wire, Duration patience) throws Exception {
    PgConnectOptions through = database.connectOptions().setHost("127.0.0.1").setPort(wire.port());
    return GenServer.start(
            node,
            new OutboxFollower(
                new DatabaseListener(vertx, through, patience),
                delivery,
                versions,
                new RelayBell(),
                () -> false))
        .toCompletableFuture()
        .get()
        .orThrow();
  }

  /// Waits until the follower hears: events of before are none of its business.
  private void following() {
    String key = key();
    await()
        .atMost(SOON)
        .until(
            () -> {
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

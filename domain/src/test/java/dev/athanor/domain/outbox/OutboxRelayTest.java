package dev.athanor.domain.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.domain.store.Database;
import dev.athanor.domain.store.Store;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OutboxRelayTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final String DEAD =
      "SELECT count(*) FROM outbox WHERE key = $1 AND dead_at IS NOT NULL";

  @Inject OutboxProcesses processes;
  @Inject DatabaseListener database;
  @Inject Database addresses;
  @Inject Vertx vertx;
  @Inject LocalDelivery delivery;
  @Inject Outbox outbox;
  @Inject Store store;
  @Inject Node node;
  @Inject Pool pool;
  @Inject RecordingConsumers consumers;

  @Test
  void append_committed_reachesEveryConsumerAndIsMarked() {
    String key = key();

    append(key, "one").await().atMost(SOON);

    await().untilAsserted(() -> assertThat(payloads(consumers.slow(key))).containsExactly("one"));
    await().untilAsserted(() -> assertThat(payloads(consumers.quick(key))).containsExactly("one"));
    await().until(() -> unmarked(key) == 0);
  }

  @Test
  void append_rolledBack_isNeverHeardOf() {
    String key = key();

    Uni<Void> failing =
        store.write(
            unit ->
                outbox
                    .append(unit, "test", key, "ghost", List.of())
                    .chain(() -> Uni.createFrom().failure(new IllegalStateException("no"))));
    assertThat(failing.onFailure().recoverWithNull().await().atMost(SOON)).isNull();
    String after = key();
    append(after, "next").await().atMost(SOON);

    await().until(() -> unmarked(after) == 0);
    assertThat(consumers.quick(key)).isEmpty();
    assertThat(count("SELECT count(*) FROM outbox WHERE key = $1", key)).isZero();
  }

  @Test
  void deliver_oneConsumerStillAtIt_isNotMarked() {
    String key = key();
    consumers.hold(key);

    append(key, "one").await().atMost(SOON);

    await().until(() -> !consumers.quick(key).isEmpty() && !consumers.slow(key).isEmpty());
    assertThat(unmarked(key)).isOne();
    consumers.release(key);
    await().until(() -> unmarked(key) == 0);
    assertThat(consumers.slow(key)).hasSize(1);
  }

  @Test
  void deliver_refused_comesAgainInOrder() {
    String key = key();
    consumers.refuseOnce(key);

    append(key, "one").chain(() -> append(key, "two")).await().atMost(SOON);

    await().atMost(SOON).until(() -> unmarked(key) == 0);
    assertThat(payloads(distinct(consumers.slow(key)))).containsExactly("one", "two");
    assertThat(consumers.slow(key)).hasSizeGreaterThan(2);
  }

  @Test
  void deliver_deadForOneConsumer_isPutAsideAndComesAgainWhenReplayed() throws Exception {
    String key = key();
    consumers.kill(key);

    append(key, "one").chain(() -> append(key, "two")).await().atMost(SOON);

    await().atMost(SOON).until(() -> count(DEAD, key) == 2);
    assertThat(payloads(consumers.slow(key))).containsExactly("one", "two");
    List<Broker.DeadLetter> letters = processes.broker().dead(10_000).toCompletableFuture().get();
    assertThat(letters)
        .filteredOn(letter -> key.equals(letter.key()))
        .extracting(Broker.DeadLetter::reason)
        .containsExactly("no use", "no use");
    consumers.revive(key);
    assertThat(processes.broker().replay(10_000).toCompletableFuture().get()).isEqualTo(2);
    await().atMost(SOON).until(() -> unmarked(key) == 0);
    assertThat(payloads(consumers.slow(key))).containsExactly("one", "two", "one", "two");
  }

  @Test
  void append_lowerPlaceCommittedAfterAHigherOne_isNotMissed() throws Exception {
    int shard = 1;
    String late = key(shard);
    String early = key(shard);
    SqlConnection holder = pool.getConnection().toCompletionStage().toCompletableFuture().get();
    Transaction open = holder.begin().toCompletionStage().toCompletableFuture().get();
    insert(holder, late);
    append(early, "passes by").await().atMost(SOON);
    await().until(() -> unmarked(early) == 0);
    assertThat(consumers.quick(late)).isEmpty();

    open.commit().toCompletionStage().toCompletableFuture().get();
    holder.close();

    await().until(() -> unmarked(late) == 0);
    assertThat(consumers.quick(late).getFirst().seq())
        .isLessThan(consumers.quick(early).getFirst().seq());
  }

  @Test
  void append_withoutAWordToThisNode_wakesItsRelaysThroughTheDatabase() {
    await().atMost(SOON).until(() -> relaying() == Shards.COUNT);
    long began = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      String key = key();
      insert(pool, key);
      await().pollInterval(Duration.ofMillis(5)).until(() -> unmarked(key) == 0);
    }

    // By the poll that is for accidents it would take up to 5 s each.
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void pause_resume_holdsEventsAndLetsThemGo() {
    String key = key();
    processes.broker().pause();
    try {
      await().until(() -> relaying() == 0);
      append(key, "one").await().atMost(SOON);
      assertThat(consumers.quick(key)).isEmpty();
    } finally {
      processes.broker().resume();
    }
    await().until(() -> unmarked(key) == 0);
    await().until(() -> relaying() == Shards.COUNT);
  }

  @Test
  void nodes_two_shareTheShardsAndTakeOverWhenOneDies() throws Exception {
    await().atMost(SOON).until(() -> relaying() == Shards.COUNT);
    RelayPost other = new RelayPost(database, processes.broker(), new RelayBell(), delivery, true);
    List<Pid<OutboxRelay.Signal>> relays = start(other);

    await().atMost(SOON).until(() -> relaying() == 2 && active(other) == 2);
    Map<String, Integer> written = new LinkedHashMap<>();
    for (int i = 0; i < 40; i++) {
      String key = key();
      written.put(key, i);
      append(key, "one").await().atMost(SOON);
      if (i == 20) {
        relays.forEach(relay -> node.exit(relay, ExitReason.KILL));
      }
    }
    long died = System.nanoTime();
    await().atMost(SOON).until(() -> relaying() == Shards.COUNT);
    assertThat(Duration.ofNanos(System.nanoTime() - died)).isLessThan(Duration.ofSeconds(5));
    written.keySet().forEach(key -> await().until(() -> unmarked(key) == 0));
    written.keySet().forEach(key -> assertThat(distinct(consumers.quick(key))).hasSize(1));
  }

  @Test
  void connection_goesDeadWithoutAWord_isReplacedAndRelaysAgain() throws Exception {
    await().atMost(SOON).until(() -> relaying() == Shards.COUNT);
    try (Wire wire = Wire.to(addresses.connectOptions().getPort())) {
      DatabaseListener through =
          new DatabaseListener(
              vertx,
              addresses.connectOptions().setHost("127.0.0.1").setPort(wire.port()),
              Duration.ofSeconds(1));
      RelayPost other = new RelayPost(through, processes.broker(), new RelayBell(), delivery, true);
      List<Pid<OutboxRelay.Signal>> relays = start(other);
      await().atMost(SOON).until(() -> relaying() == 2 && active(other) == 2);

      wire.freeze();

      // The dead sessions stand for election until the database hears that nobody is there, so who
      // relays what meanwhile is anybody's guess.
      await().atMost(SOON).until(() -> wire.made() >= 2 * Shards.COUNT);
      wire.tellServer();
      await().atMost(SOON).until(() -> relaying() == 2 && active(other) == 2);
      relays.forEach(relay -> node.exit(relay, ExitReason.KILL));
      await().atMost(SOON).until(() -> relaying() == Shards.COUNT);
    }
  }

  private List<Pid<OutboxRelay.Signal>> start(RelayPost other) throws Exception {
    List<Pid<OutboxRelay.Signal>> relays = new ArrayList<>();
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      relays.add(
          GenServer.start(node, new OutboxRelay(other, shard))
              .toCompletableFuture()
              .get()
              .orThrow());
    }
    return relays;
  }

  @Test
  void shard_ofAnyKey_isWhatTheDatabaseComputes() {
    for (int i = 0; i < 50; i++) {
      String key = i + "-öß-" + key();
      insert(pool, key);
      assertThat(count("SELECT shard::bigint FROM outbox WHERE key = $1", key))
          .isEqualTo(Shards.of(key));
    }
  }

  @Test
  void relay_killedAgainAndAgain_losesNothingAndKeepsOrder() throws Exception {
    Map<String, List<String>> expected = new LinkedHashMap<>();
    List<Uni<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String key = key();
      List<String> payloads = new ArrayList<>();
      Uni<Void> writer = Uni.createFrom().voidItem();
      for (int n = 0; n < 40; n++) {
        String payload = "event " + n;
        payloads.add(payload);
        writer = writer.chain(() -> append(key, payload));
      }
      expected.put(key, payloads);
      writers.add(writer);
    }
    CompletableFuture<Void> writing =
        Uni.join().all(writers).andFailFast().replaceWithVoid().subscribeAsCompletionStage();
    int kills = 0;
    while (!writing.isDone() || kills < 3) {
      int shard = kills % Shards.COUNT;
      Pid<?> relay = relay(shard);
      int before = consumers.all();
      await().until(() -> consumers.all() > before + 20 || writing.isDone());
      node.exit(relay, ExitReason.KILL);
      kills++;
      await().until(() -> !relay(shard).equals(relay));
      if (kills == 3) {
        // The supervisor allows three restarts in five seconds; the rest is written in peace.
        break;
      }
    }
    writing.get();

    for (Map.Entry<String, List<String>> entry : expected.entrySet()) {
      await().atMost(SOON).until(() -> unmarked(entry.getKey()) == 0);
      List<DomainEvent> heard = consumers.slow(entry.getKey());
      assertThat(payloads(distinct(heard))).isEqualTo(entry.getValue());
      assertThat(distinct(heard)).extracting(DomainEvent::seq).isSorted();
    }
  }

  private Pid<?> relay(int shard) {
    return await().until(() -> node.whereis(OutboxProcesses.relay(shard)), pid -> pid != null);
  }

  private int relaying() {
    return (int) IntStream.range(0, Shards.COUNT).filter(processes::relays).count();
  }

  private static int active(RelayPost post) {
    return (int) IntStream.range(0, Shards.COUNT).filter(post::isActive).count();
  }

  private static String key(int shard) {
    return Stream.generate(OutboxRelayTest::key)
        .filter(key -> Shards.of(key) == shard)
        .findFirst()
        .orElseThrow();
  }

  private static void insert(SqlClient client, String key) {
    client
        .preparedQuery(
            "INSERT INTO outbox (type, key, payload, streams) VALUES ('test', $1, '', '{}')")
        .execute(Tuple.of(key))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  /// The events as a consumer remembers them that goes by their ids.
  private static List<DomainEvent> distinct(List<DomainEvent> events) {
    Map<UUID, DomainEvent> byId = new LinkedHashMap<>();
    events.forEach(event -> byId.putIfAbsent(event.id(), event));
    return List.copyOf(byId.values());
  }

  private static List<String> payloads(List<DomainEvent> events) {
    return events.stream().map(DomainEvent::payload).toList();
  }

  private Uni<Void> append(String key, String payload) {
    return store.write(unit -> outbox.append(unit, "test", key, payload, List.of("news")));
  }

  private long unmarked(String key) {
    return count("SELECT count(*) FROM outbox WHERE key = $1 AND published_at IS NULL", key);
  }

  private long count(String sql, String key) {
    return pool.preparedQuery(sql)
        .execute(Tuple.of(key))
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .iterator()
        .next()
        .getLong(0);
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }
}

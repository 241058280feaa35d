package dev.athanor.domain.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.athanor.domain.outbox.Broker;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.domain.outbox.LocalDelivery;
import dev.athanor.domain.outbox.Outbox;
import dev.athanor.domain.outbox.RecordingConsumers;
import dev.athanor.domain.outbox.Shards;
import dev.athanor.domain.store.Store;
import dev.athanor.domain.streams.StreamVersions;
import dev.athanor.domain.testing.RabbitNode;
import dev.athanor.domain.testing.RabbitResource;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.ProcessInfo;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.ServerOptions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

@QuarkusTest
@TestProfile(RabbitMqBrokerTest.Brokered.class)
@QuarkusTestResource(value = RabbitResource.class, restrictToAnnotatedClass = true)
@EnabledIf("dev.athanor.domain.testing.RabbitNode#available")
class RabbitMqBrokerTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String CUT =
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()
      """;

  private static final String APPEND_LARGE =
      """
      INSERT INTO outbox (type, key, payload, streams)
      SELECT 'test', $1, repeat('x', $3), '{}' FROM generate_series(1, $2) i ORDER BY i
      """;

  public static class Brokered implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "athanor.home",
          "target/athanor-rabbitmq",
          "athanor.events.rabbitmq.confirm-timeout",
          "3s");
    }
  }

  RabbitNode rabbit;

  @Inject RabbitMqBroker broker;
  @Inject RabbitSettings settings;
  @Inject LocalDelivery delivery;
  @Inject StreamVersions versions;
  @Inject Outbox outbox;
  @Inject Store store;
  @Inject Node node;
  @Inject Pool pool;
  @Inject RecordingConsumers consumers;

  @Test
  void append_committed_comesThroughTheBrokerAndIsMarked() {
    String key = key();

    append(key, "one").chain(() -> append(key, "two")).await().atMost(SOON);

    await().atMost(SOON).until(() -> payloads(key).equals(List.of("one", "two")));
    await().atMost(SOON).until(() -> unmarked(key) == 0);
    DomainEvent event = consumers.quick(key).getFirst();
    assertThat(event.streams()).containsExactly("news");
    assertThat(event.type()).isEqualTo("test");
    assertThat(event.occurredAt()).isBetween(Instant.now().minusSeconds(60), Instant.now());
  }

  @Test
  void broker_killed_nothingIsLostAndOrderKept() throws Exception {
    survives(rabbit::kill, rabbit::restart);
  }

  @Test
  void broker_stopped_nothingIsLostAndOrderKept() throws Exception {
    survives(rabbit::stop, rabbit::restart);
  }

  @Test
  void database_cut_nothingIsLostAndOrderKept() throws Exception {
    survives(() -> run(CUT), () -> {});
  }

  @Test
  void broker_blocked_isSentNothingThatPilesUpAndGetsItAllAfterwards() {
    String key = key();
    append(key, "before").await().atMost(SOON);
    await().atMost(SOON).until(() -> unmarked(key) == 0);
    ProcessInfo before = publisher();
    int count = 10;

    rabbit.block(true);
    try {
      // More than the sockets between can hold, at once: the publisher is stuck writing.
      pool.preparedQuery(APPEND_LARGE)
          .execute(Tuple.of(key, count, 2_000_000))
          .toCompletionStage()
          .toCompletableFuture()
          .join();
      // Each was offered and refused more than once, by the same process.
      await()
          .atMost(SOON)
          .until(
              () ->
                  publisher().messagesHandled() > before.messagesHandled() + 3L * count
                      && publisher().mailboxLength() == 0);
      assertThat(publisher().pid()).isEqualTo(before.pid());
      assertThat(unmarked(key)).isEqualTo(count);
    } finally {
      rabbit.block(false);
    }

    await().atMost(SOON).until(() -> unmarked(key) == 0);
    await().atMost(SOON).until(() -> distinct(key).size() == count + 1);
    assertThat(distinct(key).stream().map(DomainEvent::seq)).isSorted();
  }

  @Test
  void publisher_connectsAnew_refusesLanesOfBefore() throws Exception {
    Epoch epoch = new Epoch();
    Pid<RabbitPublisher.Signal> publisher =
        GenServer.start(
                node,
                new RabbitPublisher(new Topology(settings), epoch),
                ServerOptions.DEFAULT.kind(Kind.VIRTUAL_THREAD))
            .toCompletableFuture()
            .get()
            .orThrow();
    long whileConnecting = 1;
    await().atMost(SOON).until(() -> epoch.now() > whileConnecting);

    assertThat(publish(publisher, whileConnecting)).isFalse();
    assertThat(publish(publisher, epoch.now())).isTrue();
    GenServer.stop(publisher).toCompletableFuture().get();
  }

  private static boolean publish(Pid<RabbitPublisher.Signal> publisher, long epoch)
      throws Exception {
    DomainEvent event =
        new DomainEvent(UUID.randomUUID(), 0, "test", key(), "{}", List.of(), Instant.now());
    return GenServer.call(publisher, new RabbitPublisher.Signal.Publish(event, epoch))
        .toCompletableFuture()
        .get();
  }

  @Test
  void queues_thatCannotBeToldToBeUnlimited_areTakenAsTheyAre() throws Exception {
    Topology topology = new Topology(settings);
    try (Connection connection = rabbit.connect()) {
      assertThat(Topology.release(connection)).isGreaterThanOrEqualTo(3);

      topology.declareShared(connection, true);
      topology.declareShared(connection, false);

      assertThat(connection.isOpen()).isTrue();
    }
  }

  private ProcessInfo publisher() {
    return node.info(node.whereis(RabbitPublisher.NAME));
  }

  @Test
  void publisherAndIntake_killed_nothingIsLostAndOrderKept() throws Exception {
    survives(
        () -> {
          node.exit(node.whereis(RabbitPublisher.NAME), ExitReason.KILL);
          node.exit(node.whereis(RabbitIntake.NAME), ExitReason.KILL);
        },
        () -> {});
  }

  @Test
  void refused_deadForOneConsumer_isADeadLetterWithItsReasonUntilReplayed() throws Exception {
    String key = key();
    consumers.kill(key);

    append(key, "one").await().atMost(SOON);

    await().atMost(SOON).until(() -> letter(key) != null);
    assertThat(letter(key).reason()).isEqualTo("no use");
    assertThat(letter(key).type()).isEqualTo("test");
    assertThat(unmarked(key)).isZero();
    consumers.revive(key);
    assertThat(broker.replay(10_000).toCompletableFuture().get()).isPositive();
    await().atMost(SOON).until(() -> consumers.slow(key).size() == 2);
    assertThat(letter(key)).isNull();
  }

  @Test
  void message_thatIsNoEvent_isADeadLetter() throws Exception {
    try (Connection connection = rabbit.connect();
        Channel channel = connection.createChannel()) {
      channel.basicPublish(
          Topology.EVENTS,
          "0",
          new BasicProperties.Builder().type("what is this").build(),
          "?".getBytes(StandardCharsets.UTF_8));
    }

    await()
        .atMost(SOON)
        .until(() -> letters().stream().anyMatch(each -> "what is this".equals(each.type())));
    assertThat(letters())
        .filteredOn(each -> "what is this".equals(each.type()))
        .first()
        .satisfies(each -> assertThat(each.reason()).contains("cannot be read"));
  }

  @Test
  void pause_resume_letsEventsWaitInTheQueue() {
    String key = key();
    broker.pause();
    try {
      await().atMost(SOON).until(() -> consumersOf(Shards.of(key)) == 0);
      append(key, "one").await().atMost(SOON);
      await().atMost(SOON).until(() -> depth(Shards.of(key)).waiting() == 1);
      assertThat(consumers.quick(key)).isEmpty();
    } finally {
      broker.resume();
    }
    await().atMost(SOON).until(() -> payloads(key).equals(List.of("one")));
    await().atMost(SOON).until(() -> depth(Shards.of(key)).waiting() == 0);
  }

  @Test
  void follower_hearsEverythingOnAQueueOfItsOwn() throws Exception {
    String queue = "athanor.events.node.test";
    Pid<RabbitIntake.Signal> follower =
        GenServer.start(
                node,
                new RabbitIntake(
                    new Topology(settings), new Arrivals(delivery, versions, true), queue),
                ServerOptions.DEFAULT.kind(Kind.VIRTUAL_THREAD))
            .toCompletableFuture()
            .get()
            .orThrow();
    try {
      await()
          .atMost(SOON)
          .until(
              () ->
                  GenServer.call(follower, new RabbitIntake.Signal.Depths())
                      .toCompletableFuture()
                      .get()
                      .getFirst()
                      .consumers(),
              count -> count == 1);
      String key = key();
      append(key, "one").await().atMost(SOON);
      // Once for the work, once for the follower; whoever comes second may join the first.
      await().atMost(SOON).until(() -> !consumers.quick(key).isEmpty());
      await().atMost(SOON).until(() -> unmarked(key) == 0);
    } finally {
      GenServer.stop(follower).toCompletableFuture().get();
    }
  }

  private void survives(Runnable fault, Runnable mend) throws Exception {
    Set<String> keys = new HashSet<>();
    List<Uni<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String key = key();
      keys.add(key);
      Uni<Void> writer = Uni.createFrom().voidItem();
      for (int n = 0; n < 30; n++) {
        String payload = "event " + n;
        writer = writer.chain(() -> append(key, payload));
      }
      writers.add(writer);
    }
    int before = consumers.all();
    var writing = Uni.join().all(writers).andCollectFailures().subscribeAsCompletionStage();
    await().atMost(SOON).until(() -> consumers.all() > before + 20);
    fault.run();
    try {
      writing.get();
    } catch (ExecutionException cutOff) {
      // A writer whose connection was cut has not committed: what it wrote is what counts.
    }
    mend.run();
    for (String key : keys) {
      await().atMost(SOON).until(() -> unmarked(key) == 0);
      List<String> written = written(key);
      await().atMost(SOON).until(() -> distinct(key).size() == written.size());
      assertThat(distinct(key).stream().map(DomainEvent::payload)).isEqualTo(written);
    }
  }

  private List<DomainEvent> distinct(String key) {
    Map<UUID, DomainEvent> byId = new LinkedHashMap<>();
    consumers.slow(key).forEach(event -> byId.putIfAbsent(event.id(), event));
    return List.copyOf(byId.values());
  }

  private List<String> written(String key) {
    List<String> payloads = new ArrayList<>();
    pool.preparedQuery("SELECT payload FROM outbox WHERE key = $1 ORDER BY seq")
        .execute(Tuple.of(key))
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .forEach(row -> payloads.add(row.getString(0)));
    return payloads;
  }

  private List<Broker.DeadLetter> letters() throws Exception {
    return broker.dead(1_000).toCompletableFuture().get();
  }

  private Broker.DeadLetter letter(String key) throws Exception {
    return letters().stream().filter(each -> key.equals(each.key())).findFirst().orElse(null);
  }

  private Broker.Depth depth(int shard) throws Exception {
    return broker.depth().toCompletableFuture().get().get(shard);
  }

  private int consumersOf(int shard) throws Exception {
    return depth(shard).consumers();
  }

  private List<String> payloads(String key) {
    return consumers.quick(key).stream().map(DomainEvent::payload).toList();
  }

  private Uni<Void> append(String key, String payload) {
    return store.write(unit -> outbox.append(unit, "test", key, payload, List.of("news")));
  }

  private long unmarked(String key) {
    return pool.preparedQuery("SELECT count(*) FROM outbox WHERE key = $1 AND published_at IS NULL")
        .execute(Tuple.of(key))
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .iterator()
        .next()
        .getLong(0);
  }

  private void run(String sql) {
    pool.query(sql).execute().toCompletionStage().toCompletableFuture().join();
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }
}

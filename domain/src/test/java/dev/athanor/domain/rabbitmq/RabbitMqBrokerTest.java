package dev.athanor.domain.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.domain.outbox.LocalDelivery;
import dev.athanor.domain.outbox.RecordingConsumers;
import dev.athanor.domain.outbox.Shards;
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
  private static final int PREFETCH = 30;
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
          "3s",
          "athanor.events.rabbitmq.prefetch",
          Integer.toString(PREFETCH));
    }
  }

  RabbitNode rabbit;

  @Inject RabbitMqBroker broker;
  @Inject RabbitSettings settings;
  @Inject LocalDelivery delivery;
  @Inject Node node;
  @Inject Pool pool;
  @Inject RecordingConsumers consumers;
  @Inject RabbitStage stage;

  @Test
  void append_committed_comesThroughTheBrokerAndIsMarked() {
    String key = RabbitStage.key();

    stage.append(key, "one").chain(() -> stage.append(key, "two")).await().atMost(SOON);

    await().atMost(SOON).until(() -> stage.payloads(key).equals(List.of("one", "two")));
    await().atMost(SOON).until(() -> stage.unmarked(key) == 0);
    DomainEvent event = consumers.quick(key).getFirst();
    assertThat(event.streams()).containsExactly("news");
    assertThat(event.type()).isEqualTo("test");
    assertThat(event.occurredAt()).isBetween(Instant.now().minusSeconds(60), Instant.now());
  }

  @Test
  void broker_killed_nothingIsLostAndOrderKept_inClassicQueuesNeither() throws Exception {
    Topology classic = new Topology(RabbitStage.classic(settings));
    GenServer.stop(stage.intake(classic, false, null)).toCompletableFuture().get();

    int written = survives(rabbit::kill, rabbit::restart);

    try (Connection connection = rabbit.connect();
        Channel channel = connection.createChannel()) {
      assertThat(waiting(channel, classic)).isGreaterThanOrEqualTo(written);
      Pid<RabbitIntake.Signal> intake = stage.intake(classic, false, null);
      await().atMost(SOON).until(() -> waiting(channel, classic) == 0);
      GenServer.stop(intake).toCompletableFuture().get();
      for (int shard = 0; shard < Shards.COUNT; shard++) {
        assertThat(channel.queueDelete(classic.shared(shard)).getMessageCount()).isZero();
      }
    }
  }

  private static long waiting(Channel channel, Topology topology) throws Exception {
    long waiting = 0;
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      waiting += channel.messageCount(topology.shared(shard));
    }
    return waiting;
  }

  @Test
  void broker_stopped_nothingIsLostAndOrderKept() throws Exception {
    survives(
        () -> {
          rabbit.stop();
          // What is not known is told as such, and at once.
          await().atMost(SOON).until(() -> stage.depth(0).waiting() == -1);
          assertThat(broker.dead(1)).failsWithin(Duration.ofSeconds(10));
        },
        rabbit::restart);
  }

  @Test
  void database_cut_nothingIsLostAndOrderKept() throws Exception {
    survives(() -> stage.run(CUT), () -> {});
  }

  @Test
  void broker_blocked_isSentNothingThatPilesUpAndGetsItAllAfterwards() {
    String key = RabbitStage.key();
    stage.append(key, "before").await().atMost(SOON);
    await().atMost(SOON).until(() -> stage.unmarked(key) == 0);
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
      assertThat(stage.unmarked(key)).isEqualTo(count);
    } finally {
      rabbit.block(false);
    }

    await().atMost(SOON).until(() -> stage.unmarked(key) == 0);
    await().atMost(SOON).until(() -> stage.distinct(key).size() == count + 1);
    assertThat(stage.distinct(key).stream().map(DomainEvent::seq)).isSorted();
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
    return GenServer.call(
            publisher, new RabbitPublisher.Signal.Publish(event(RabbitStage.key()), epoch))
        .toCompletableFuture()
        .get();
  }

  private static DomainEvent event(String key) {
    return new DomainEvent(UUID.randomUUID(), 0, "test", key, "{}", List.of(), Instant.now());
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
    String key = RabbitStage.key();
    consumers.kill(key);

    stage.append(key, "one").await().atMost(SOON);

    await().atMost(SOON).until(() -> stage.letter(key) != null);
    assertThat(stage.letter(key).reason()).isEqualTo("no use");
    assertThat(stage.letter(key).type()).isEqualTo("test");
    assertThat(stage.unmarked(key)).isZero();
    consumers.revive(key);
    assertThat(broker.replay(10_000).toCompletableFuture().get()).isPositive();
    await().atMost(SOON).until(() -> consumers.slow(key).size() == 2);
    assertThat(stage.letter(key)).isNull();
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
        .until(() -> stage.letters().stream().anyMatch(each -> "what is this".equals(each.type())));
    assertThat(stage.letters())
        .filteredOn(each -> "what is this".equals(each.type()))
        .first()
        .satisfies(each -> assertThat(each.reason()).contains("cannot be read"));
  }

  @Test
  void pause_resume_letsEventsWaitInTheQueue() {
    String key = RabbitStage.key();
    broker.pause();
    try {
      await().atMost(SOON).until(() -> stage.consumersOf(Shards.of(key)) == 0);
      stage.append(key, "one").await().atMost(SOON);
      await().atMost(SOON).until(() -> stage.depth(Shards.of(key)).waiting() == 1);
      assertThat(consumers.quick(key)).isEmpty();
    } finally {
      broker.resume();
    }
    await().atMost(SOON).until(() -> stage.payloads(key).equals(List.of("one")));
    await().atMost(SOON).until(() -> stage.depth(Shards.of(key)).waiting() == 0);
  }

  @Test
  void node_takesNoMoreThanItsPrefetch() throws Exception {
    String key = RabbitStage.key();
    consumers.hold(key);
    Uni<Void> writing = Uni.createFrom().voidItem();
    for (int i = 0; i < 2 * PREFETCH; i++) {
      writing = writing.chain(() -> stage.append(key, "one of many"));
    }
    writing.await().atMost(SOON);

    await().atMost(SOON).until(() -> stage.depth(Shards.of(key)).waiting() == PREFETCH);
    await().atMost(SOON).until(() -> stage.unmarked(key) == 0);
    assertThat(delivery.depth().waiting()).isEqualTo(PREFETCH);
    assertThat(delivery.depth().lagSeconds()).isBetween(0.0, 60.0);
    consumers.release(key);
    await().atMost(SOON).until(() -> consumers.slow(key).size() == 2 * PREFETCH);
    await().atMost(SOON).until(() -> delivery.depth().waiting() == 0);
  }

  @Test
  void event_dead_whereTheQueueOfDeadOnesIsGone_isNotLost() throws Exception {
    String key = RabbitStage.key();
    consumers.kill(key);
    try (Connection connection = rabbit.connect();
        Channel channel = connection.createChannel()) {
      channel.queueDelete(new Topology(settings).dead());
    }

    stage.append(key, "one").await().atMost(SOON);

    // Whoever asks while the intake connects anew is refused.
    await().atMost(SOON).ignoreExceptions().until(() -> stage.letter(key) != null);
    consumers.revive(key);
  }

  @Test
  void replay_ofALetterWhoseQueueIsGone_bringsItToTheQueueOfItsKey() throws Exception {
    String key = RabbitStage.key();
    Topology topology = new Topology(settings);
    DomainEvent event = event(key);
    try (Connection connection = rabbit.connect();
        Channel channel = connection.createChannel()) {
      channel.basicPublish(
          Topology.DEAD,
          topology.group(),
          EventMessage.dead(
              EventMessage.properties(event), "athanor.events.of-another-time.0", "no use"),
          EventMessage.body(event));
    }
    await().atMost(SOON).until(() -> stage.letter(key) != null);

    assertThat(broker.replay(10_000).toCompletableFuture().get()).isPositive();

    await().atMost(SOON).until(() -> !consumers.quick(key).isEmpty());
  }

  @Test
  void follower_hearsEverythingOnceOnAQueueOfItsOwn() throws Exception {
    stage.withoutTheSharedWork(
        () -> {
          Pid<RabbitIntake.Signal> follower =
              stage.intake(new Topology(settings), true, "athanor.events.node.test");
          String key = RabbitStage.key();
          stage.append(key, "one").await().atMost(SOON);
          await().atMost(SOON).until(() -> stage.payloads(key).equals(List.of("one")));

          stage.publishAgain(rabbit, key);
          stage.append(key, "two").await().atMost(SOON);

          await().atMost(SOON).until(() -> stage.payloads(key).contains("two"));
          assertThat(stage.payloads(key)).containsExactly("one", "two");
          GenServer.stop(follower).toCompletableFuture().get();
        });
  }

  /// How many events were written.
  private int survives(RabbitStage.Work fault, RabbitStage.Work mend) throws Exception {
    Set<String> keys = new HashSet<>();
    List<Uni<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String key = RabbitStage.key();
      keys.add(key);
      Uni<Void> writer = Uni.createFrom().voidItem();
      for (int n = 0; n < 30; n++) {
        String payload = "event " + n;
        writer = writer.chain(() -> stage.append(key, payload));
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
    int all = 0;
    for (String key : keys) {
      await().atMost(SOON).until(() -> stage.unmarked(key) == 0);
      List<String> written = stage.written(key);
      await().atMost(SOON).until(() -> stage.distinct(key).size() == written.size());
      assertThat(stage.distinct(key).stream().map(DomainEvent::payload)).isEqualTo(written);
      all += written.size();
    }
    return all;
  }
}

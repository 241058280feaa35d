package dev.athanor.domain.rabbitmq;

import static org.awaitility.Awaitility.await;

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
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.ServerOptions;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What tests of the broker do and see: writing events, what became of them, intakes of their own.
@ApplicationScoped
class RabbitStage {
  private static final Duration SOON = Duration.ofSeconds(40);

  @Inject RabbitMqBroker broker;
  @Inject LocalDelivery delivery;
  @Inject StreamVersions versions;
  @Inject Outbox outbox;
  @Inject Store store;
  @Inject Node node;
  @Inject Pool pool;
  @Inject RecordingConsumers consumers;

  /// What a test does.
  interface Work {
    void run() throws Exception;
  }

  /// Queues of another kind and group beside those of the application.
  private record Classic(RabbitSettings like) implements RabbitSettings {
    @Override
    public String url() {
      return like.url();
    }

    @Override
    public Optional<String> username() {
      return like.username();
    }

    @Override
    public Optional<String> password() {
      return like.password();
    }

    @Override
    public String group() {
      return "classic";
    }

    @Override
    public QueueType queueType() {
      return QueueType.CLASSIC;
    }

    @Override
    public int prefetch() {
      return like.prefetch();
    }

    @Override
    public Duration confirmTimeout() {
      return like.confirmTimeout();
    }
  }

  /// Settings for classic queues of a group of their own.
  static RabbitSettings classic(RabbitSettings like) {
    return new Classic(like);
  }

  static String key() {
    return UUID.randomUUID().toString();
  }

  Uni<Void> append(String key, String payload) {
    return store.write(unit -> outbox.append(unit, "test", key, payload, List.of("news")));
  }

  long unmarked(String key) {
    return query(
            "SELECT count(*) FROM outbox WHERE key = $1 AND published_at IS NULL", Tuple.of(key))
        .iterator()
        .next()
        .getLong(0);
  }

  List<String> written(String key) {
    List<String> payloads = new ArrayList<>();
    query("SELECT payload FROM outbox WHERE key = $1 ORDER BY seq", Tuple.of(key))
        .forEach(row -> payloads.add(row.getString(0)));
    return payloads;
  }

  void run(String sql) {
    query(sql, Tuple.tuple());
  }

  List<String> payloads(String key) {
    return consumers.quick(key).stream().map(DomainEvent::payload).toList();
  }

  /// The events as a consumer remembers them that goes by their ids.
  List<DomainEvent> distinct(String key) {
    Map<UUID, DomainEvent> byId = new LinkedHashMap<>();
    consumers.slow(key).forEach(event -> byId.putIfAbsent(event.id(), event));
    return List.copyOf(byId.values());
  }

  List<Broker.DeadLetter> letters() throws Exception {
    return broker.dead(1_000).toCompletableFuture().get();
  }

  Broker.DeadLetter letter(String key) throws Exception {
    return letters().stream().filter(each -> key.equals(each.key())).findFirst().orElse(null);
  }

  Broker.Depth depth(int shard) throws Exception {
    return broker.depth().toCompletableFuture().get().get(shard);
  }

  int consumersOf(int shard) throws Exception {
    return depth(shard).consumers();
  }

  /// What is done with events meanwhile is not done by the application's own intake.
  void withoutTheSharedWork(Work work) throws Exception {
    broker.pause();
    try {
      for (int shard = 0; shard < Shards.COUNT; shard++) {
        int each = shard;
        await().atMost(SOON).until(() -> consumersOf(each) == 0);
      }
      work.run();
    } finally {
      broker.resume();
    }
  }

  /// An intake beside the application's own, once it takes.
  Pid<RabbitIntake.Signal> intake(Topology topology, boolean everything, String queue)
      throws Exception {
    Pid<RabbitIntake.Signal> intake =
        GenServer.start(
                node,
                new RabbitIntake(topology, new Arrivals(delivery, versions, everything), queue),
                ServerOptions.DEFAULT.kind(Kind.VIRTUAL_THREAD))
            .toCompletableFuture()
            .get()
            .orThrow();
    await()
        .atMost(SOON)
        .until(
            () ->
                GenServer.call(intake, new RabbitIntake.Signal.Depths())
                    .toCompletableFuture()
                    .get()
                    .getFirst()
                    .consumers(),
            count -> count == 1);
    return intake;
  }

  /// As a relay does that died between the broker's confirm and its mark.
  void publishAgain(RabbitNode rabbit, String key) throws Exception {
    DomainEvent event = consumers.quick(key).getFirst();
    try (Connection connection = rabbit.connect();
        Channel channel = connection.createChannel()) {
      channel.basicPublish(
          Topology.EVENTS,
          Integer.toString(Shards.of(key)),
          EventMessage.properties(event),
          EventMessage.body(event));
    }
  }

  private RowSet<Row> query(String sql, Tuple parameters) {
    return pool.preparedQuery(sql)
        .execute(parameters)
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }
}

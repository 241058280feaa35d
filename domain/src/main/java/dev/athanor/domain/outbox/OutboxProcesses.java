package dev.athanor.domain.outbox;

import dev.athanor.domain.streams.StreamVersions;
import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.ChildSpec;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The processes around the outbox, by the role of this deployment (`athanor.events.source`):
/// `relay` (the default) carries events to the broker and takes its share of them, `follow` hears
/// them all, `none` only writes them down. They start last and stop first: when events come,
/// everything that takes them stands.
@Singleton
class OutboxProcesses implements Supervised {
  private final DatabaseListener database;
  private final LocalDelivery delivery;
  private final StreamVersions versions;
  private final RelayBell bell;
  private final Pool pool;
  private final EventSource source;
  private final Duration retention;
  private final Broker broker;
  private final RelayPost post;
  private final MeterRegistry meters;

  @Inject
  OutboxProcesses(
      DatabaseListener database,
      LocalDelivery delivery,
      StreamVersions versions,
      RelayBell bell,
      Pool pool,
      MeterRegistry meters,
      @All List<Broker> brokers,
      @ConfigProperty(name = "athanor.events.broker", defaultValue = InProcessBroker.NAME)
          String broker,
      @ConfigProperty(name = "athanor.events.source", defaultValue = "relay") EventSource source,
      @ConfigProperty(name = "athanor.events.retention", defaultValue = "1h") Duration retention) {
    this.database = database;
    this.delivery = delivery;
    this.versions = versions;
    this.bell = bell;
    this.pool = pool;
    this.meters = meters;
    this.source = source;
    this.retention = retention;
    this.broker = chosen(brokers, broker);
    this.post = new RelayPost(database, this.broker, bell, delivery, inProcess());
  }

  /// Where a deployment's events come from.
  enum EventSource {
    RELAY,
    FOLLOW,
    NONE
  }

  @Override
  public int order() {
    return 400;
  }

  @Override
  public List<ChildSpec> children() {
    return switch (source) {
      case RELAY -> {
        List<ChildSpec> all = new ArrayList<>(broker.intake(false));
        all.add(
            ChildSpec.server("domain.events-gauges", () -> new EventGauges(this::depth, meters)));
        all.add(ChildSpec.server("domain.outbox-pruner", () -> new OutboxPruner(pool, retention)));
        for (int i = 0; i < Shards.COUNT; i++) {
          int shard = i;
          all.add(
              ChildSpec.server(
                  relay(shard),
                  () -> new OutboxRelay(post, shard),
                  ServerOptions.named(relay(shard))));
        }
        yield List.copyOf(all);
      }
      case FOLLOW ->
          inProcess()
              ? List.of(
                  ChildSpec.server(
                      "domain.outbox-follower",
                      () -> new OutboxFollower(database, delivery, versions, bell, broker::paused)))
              : broker.intake(true);
      case NONE -> List.of();
    };
  }

  /// A relay's id among its siblings, and its name on the node.
  static String relay(int shard) {
    return "domain.outbox-relay." + shard;
  }

  /// The broker this deployment uses.
  Broker broker() {
    return broker;
  }

  /// What waits where: in the outbox, in a broker's queues, with this node's consumers.
  CompletionStage<List<Broker.Depth>> depth() {
    CompletionStage<List<Broker.Depth>> outbox = OutboxRows.depth(pool).toCompletionStage();
    CompletionStage<List<Broker.Depth>> queues =
        inProcess()
            ? CompletableFuture.completedStage(List.of())
            : broker
                .depth()
                .exceptionally(_ -> List.of(Broker.Depth.unknown(broker.name())))
                .thenCompose(known -> OutboxRows.withLags(pool, known).toCompletionStage());
    return outbox.thenCombine(
        queues,
        (own, others) ->
            Stream.of(own.stream(), others.stream(), Stream.of(delivery.depth()))
                .flatMap(each -> each)
                .toList());
  }

  EventSource source() {
    return source;
  }

  /// Whether this node's relay of the shard is the active one of the database.
  boolean relays(int shard) {
    return post.isActive(shard);
  }

  private boolean inProcess() {
    return broker.name().equals(InProcessBroker.NAME);
  }

  private static Broker chosen(List<Broker> brokers, String name) {
    return brokers.stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "athanor.events.broker: expected one of %s, got %s"
                        .formatted(brokers.stream().map(Broker::name).sorted().toList(), name)));
  }
}

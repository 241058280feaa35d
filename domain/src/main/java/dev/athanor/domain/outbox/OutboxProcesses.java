package dev.athanor.domain.outbox;

import dev.athanor.domain.streams.StreamVersions;
import dev.athanor.otp.quarkus.Supervised;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.ChildSpec;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The processes around the outbox, by the role of this deployment (`athanor.events.source`):
/// `relay` (the default) carries events to its consumers and keeps count, `follow` hears them too,
/// `none` only writes them down. They start last and stop first: when events come, everything that
/// takes them stands.
@Singleton
class OutboxProcesses implements Supervised {
  /// The relay's id among its siblings, and its name on the node.
  static final String RELAY = "domain.outbox-relay";

  private final DatabaseListener database;
  private final EventChannel channel;
  private final StreamVersions versions;
  private final RelayBell bell;
  private final Pool pool;
  private final EventSource source;
  private final Duration retention;

  @Inject
  OutboxProcesses(
      DatabaseListener database,
      EventChannel channel,
      StreamVersions versions,
      RelayBell bell,
      Pool pool,
      @ConfigProperty(name = "athanor.events.source", defaultValue = "relay") EventSource source,
      @ConfigProperty(name = "athanor.events.retention", defaultValue = "1h") Duration retention) {
    this.database = database;
    this.channel = channel;
    this.versions = versions;
    this.bell = bell;
    this.pool = pool;
    this.source = source;
    this.retention = retention;
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
      case RELAY ->
          List.of(
              ChildSpec.server("domain.outbox-pruner", () -> new OutboxPruner(pool, retention)),
              ChildSpec.server(
                  RELAY,
                  () -> new OutboxRelay(database, channel, versions, bell),
                  ServerOptions.named(RELAY)));
      case FOLLOW ->
          List.of(
              ChildSpec.server(
                  "domain.outbox-follower", () -> new OutboxFollower(database, channel, versions)));
      case NONE -> List.of();
    };
  }
}

package dev.athanor.domain.outbox;

import dev.athanor.domain.store.UnitOfWork;
import dev.athanor.domain.streams.StreamVersions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;

/// Where a transaction writes down what it made happen. The event becomes visible with its cause,
/// or not at all; after the commit the versions of its streams move in this node and the relay of
/// its shard is woken.
@ApplicationScoped
public class Outbox {
  private static final String APPEND =
      """
      INSERT INTO outbox (type, key, payload, streams)
      VALUES (:type, :key, :payload, string_to_array(:streams, ' '))
      """;

  private final StreamVersions versions;
  private final RelayBell bell;

  @Inject
  Outbox(StreamVersions versions, RelayBell bell) {
    this.versions = versions;
    this.bell = bell;
  }

  /// Appends an event within the transaction. For the order of a key's events to be the order of
  /// their causes, the transaction must hold a lock on what the key names by now.
  public Uni<Void> append(
      UnitOfWork unit, String type, String key, String payload, List<String> streams) {
    unit.afterCommit(
        () -> {
          versions.bump(streams);
          bell.ring(Shards.of(key));
        });
    return unit.session()
        .createNativeQuery(APPEND)
        .setParameter("type", type)
        .setParameter("key", key)
        .setParameter("payload", payload)
        .setParameter("streams", String.join(" ", streams))
        .executeUpdate()
        .replaceWithVoid();
  }
}

package dev.athanor.domain.outbox;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// What the relays of this node share: the way into the database, the broker, the bell, the node's
/// number in elections, and a board that shows which of them are active.
final class RelayPost {
  private final DatabaseListener database;
  private final Broker broker;
  private final RelayBell bell;
  private final LocalDelivery delivery;
  private final boolean local;
  private final int node = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
  private final AtomicIntegerArray active = new AtomicIntegerArray(Shards.COUNT);

  /// @param local whether events end in this node: the relays rest while it takes none
  RelayPost(
      DatabaseListener database,
      Broker broker,
      RelayBell bell,
      LocalDelivery delivery,
      boolean local) {
    this.database = database;
    this.broker = broker;
    this.bell = bell;
    this.delivery = delivery;
    this.local = local;
  }

  DatabaseListener database() {
    return database;
  }

  Broker broker() {
    return broker;
  }

  RelayBell bell() {
    return bell;
  }

  int node() {
    return node;
  }

  /// Whether anybody would take an event.
  boolean wanted() {
    return !local || delivery.wanted();
  }

  /// Whether relays are to leave their work to other nodes.
  boolean paused() {
    return local && broker.paused();
  }

  void active(int shard, boolean now) {
    if (active.getAndSet(shard, now ? 1 : 0) == 1 && !now) {
      broker.yielded(shard);
    }
  }

  boolean isActive(int shard) {
    return active.get(shard) == 1;
  }
}

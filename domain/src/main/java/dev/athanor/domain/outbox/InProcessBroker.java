package dev.athanor.domain.outbox;

import dev.athanor.otp.supervisor.ChildSpec;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// No broker: lanes end at this node's consumers, and what waits, waits in the outbox. An event
/// that is dead stays in its row.
@Singleton
class InProcessBroker implements Broker {
  static final String NAME = "in-process";

  private final LocalDelivery delivery;
  private final Pool pool;
  private final RelayBell bell;
  private volatile boolean paused;

  @Inject
  InProcessBroker(LocalDelivery delivery, Pool pool, RelayBell bell) {
    this.delivery = delivery;
    this.pool = pool;
    this.bell = bell;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Lane open(int shard) {
    return delivery::deliver;
  }

  @Override
  public List<ChildSpec> intake(boolean everything) {
    return List.of();
  }

  @Override
  public void pause() {
    paused = true;
    bell.ringAll();
  }

  @Override
  public void resume() {
    paused = false;
    bell.ringAll();
  }

  @Override
  public boolean paused() {
    return paused;
  }

  @Override
  public CompletionStage<List<Depth>> depth() {
    return OutboxRows.depth(pool).toCompletionStage();
  }

  @Override
  public CompletionStage<List<DeadLetter>> dead(int limit) {
    return OutboxRows.dead(pool, limit).toCompletionStage();
  }

  @Override
  public CompletionStage<Integer> replay(int limit) {
    return OutboxRows.replay(pool, limit).toCompletionStage();
  }
}

package dev.athanor.domain.rabbitmq;

import dev.athanor.domain.outbox.Broker;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.domain.outbox.LocalDelivery;
import dev.athanor.domain.streams.StreamVersions;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.ChildSpec;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Events through RabbitMQ, `athanor.events.broker=rabbitmq`. A relay publishes into the queue of
/// its shard and marks what the broker has confirmed. Deployments that share the work
/// (`athanor.events.source=relay`) take from those queues, of which each has one active consumer
/// at a time; a node that follows has a queue of its own, which outlives it by a minute.
@Singleton
public class RabbitMqBroker implements Broker {
  static final String NAME = "rabbitmq";

  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final Node node;
  private final Topology topology;
  private final LocalDelivery delivery;
  private final StreamVersions versions;
  private final Duration confirm;
  private final Epoch epoch = new Epoch();
  private volatile Arrivals arrivals;

  @Inject
  RabbitMqBroker(
      Node node, RabbitSettings settings, LocalDelivery delivery, StreamVersions versions) {
    this.node = node;
    this.topology = new Topology(settings);
    this.confirm = settings.confirmTimeout();
    this.delivery = delivery;
    this.versions = versions;
    this.arrivals = new Arrivals(delivery, versions, false);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Lane open(int shard) {
    return new RabbitLane(epoch.now());
  }

  @Override
  public List<ChildSpec> intake(boolean everything) {
    Arrivals here = new Arrivals(delivery, versions, everything);
    arrivals = here;
    String own = everything ? Topology.EVENTS + ".node." + UUID.randomUUID() : null;
    ChildSpec intake =
        ChildSpec.server(
            RabbitIntake.NAME,
            () -> new RabbitIntake(topology, here, own),
            ServerOptions.named(RabbitIntake.NAME).kind(Kind.VIRTUAL_THREAD));
    ChildSpec publisher =
        ChildSpec.server(
            RabbitPublisher.NAME,
            () -> new RabbitPublisher(topology, epoch),
            ServerOptions.named(RabbitPublisher.NAME).kind(Kind.VIRTUAL_THREAD));
    return everything ? List.of(intake) : List.of(publisher, intake);
  }

  @Override
  public void pause() {
    turn(true);
  }

  @Override
  public void resume() {
    turn(false);
  }

  @Override
  public boolean paused() {
    return arrivals.paused();
  }

  @Override
  public void yielded(int shard) {
    GenServer.cast(node, Name.local(RabbitIntake.NAME), new RabbitIntake.Signal.Yield(shard));
  }

  @Override
  public CompletionStage<List<Depth>> depth() {
    return GenServer.call(
        node, Name.local(RabbitIntake.NAME), new RabbitIntake.Signal.Depths(), ANSWER);
  }

  @Override
  public CompletionStage<List<DeadLetter>> dead(int limit) {
    return ask(new RabbitIntake.Signal.Dead(limit));
  }

  @Override
  public CompletionStage<Integer> replay(int limit) {
    return ask(new RabbitIntake.Signal.Replay(limit));
  }

  private <R, Q extends RabbitIntake.Signal & Request<@Nullable R>> CompletionStage<R> ask(
      Q request) {
    return GenServer.<@Nullable R, Q>call(node, Name.local(RabbitIntake.NAME), request, ANSWER)
        .thenCompose(
            answer ->
                answer == null
                    ? CompletableFuture.<R>failedStage(new IOException("RabbitMQ is not there"))
                    : CompletableFuture.<R>completedStage(answer));
  }

  private void turn(boolean paused) {
    arrivals.pause(paused);
    GenServer.cast(node, Name.local(RabbitIntake.NAME), RabbitIntake.Signal.Plain.TURNED);
  }

  /// A shard's way to the publisher. Closed by the first failure. One that waits in vain for a
  /// confirm ends the connection: a broker that neither confirms nor goes away would otherwise be
  /// sent the same events again, for ever.
  private final class RabbitLane implements Lane {
    private final long opened;
    private volatile boolean closed;

    RabbitLane(long opened) {
      this.opened = opened;
    }

    @Override
    public CompletionStage<Fate> carry(DomainEvent event) {
      if (closed) {
        return CompletableFuture.failedStage(unknown(event));
      }
      return GenServer.call(
              node,
              Name.local(RabbitPublisher.NAME),
              new RabbitPublisher.Signal.Publish(event, opened),
              confirm)
          .handle(
              (confirmed, failure) -> {
                if (failure == null && confirmed) {
                  return CompletableFuture.<Fate>completedFuture(Fate.Arrived.YES);
                }
                closed = true;
                if (failure != null) {
                  epoch.abandon(opened);
                }
                return CompletableFuture.<Fate>failedFuture(unknown(event));
              })
          .thenCompose(stage -> stage);
    }

    private IOException unknown(DomainEvent event) {
      return new IOException("RabbitMQ has not confirmed the event " + event.id());
    }
  }
}

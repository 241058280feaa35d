package dev.athanor.processor.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.campaigns.PushWork;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.supervisor.ChildInfo;
import dev.athanor.otp.supervisor.DynamicSupervisor;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.processor.push.PushGateway;
import dev.athanor.processor.retry.Backoff;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A push tree of a test's own, with times for tests and small batches.
final class Stage implements AutoCloseable {
  static final PushTiming TIMING =
      new PushTiming(
          Duration.ofSeconds(1),
          Duration.ofMillis(10),
          50,
          Duration.ofMillis(300),
          Duration.ofMillis(50),
          new Backoff(Duration.ofMillis(5), Duration.ofMillis(20), 0.5),
          10,
          Duration.ofHours(4),
          new Backoff(Duration.ofMillis(5), Duration.ofMillis(50), 0.5));

  /// The same for stories that are old soon.
  static PushTiming timing(Duration timeToLive) {
    return new PushTiming(
        TIMING.lease(),
        TIMING.settleAfter(),
        TIMING.settleAt(),
        TIMING.linger(),
        TIMING.look(),
        TIMING.device(),
        TIMING.attempts(),
        timeToLive,
        TIMING.connection());
  }

  private final Node node;
  private final String name = "push-" + UUID.randomUUID();
  private final Pid<?> supervisor;

  Stage(Node node, Pool pool, PushGateway... gateways) {
    this(node, pool, TIMING, gateways);
  }

  Stage(Node node, Pool pool, PushTiming timing, PushGateway... gateways) {
    this(node, work(pool), timing, gateways);
  }

  Stage(Node node, PushWork work, PushTiming timing, PushGateway... gateways) {
    this.node = node;
    PushCrew crew =
        new PushCrew(
            work,
            List.of(gateways),
            timing,
            new PushMeters(new SimpleMeterRegistry()),
            InstantSource.system(),
            () -> ThreadLocalRandom.current().nextLong());
    this.supervisor =
        Supervisor.start(node, SupervisorSpec.of(Strategy.ONE_FOR_ONE, PushTree.spec(name, crew)))
            .toCompletableFuture()
            .orTimeout(10, TimeUnit.SECONDS)
            .join()
            .orThrow();
  }

  /// Work in pieces for tests.
  static PushWork work(Pool pool) {
    return new PushWork(pool, 200, 50);
  }

  /// The workers that are there now.
  List<Pid<?>> workers() {
    Pid<DynamicSupervisor.Command> pool = pool();
    if (pool == null) {
      return List.of();
    }
    return DynamicSupervisor.whichChildren(pool).toCompletableFuture().join().stream()
        .<Pid<?>>map(ChildInfo::pid)
        .toList();
  }

  void killAWorker() {
    List<Pid<?>> workers = workers();
    if (!workers.isEmpty()) {
      node.exit(workers.get(ThreadLocalRandom.current().nextInt(workers.size())), ExitReason.KILL);
    }
  }

  void killThePool() {
    Pid<?> pool = pool();
    assertThat(pool).isNotNull();
    node.exit(pool, ExitReason.KILL);
  }

  @SuppressWarnings("unchecked")
  private @Nullable Pid<DynamicSupervisor.Command> pool() {
    return (Pid<DynamicSupervisor.Command>) node.whereis(name + ".pool");
  }

  /// Stops the tree as the application would.
  @Override
  public void close() {
    GenServer.stop(supervisor, ExitReason.SHUTDOWN, Duration.ofSeconds(10))
        .toCompletableFuture()
        .join();
  }
}

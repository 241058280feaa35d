package dev.athanor.processor.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class WorkDrainTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final WorkDrain.Timing TIMING =
      new WorkDrain.Timing(
          Duration.ofMillis(50),
          Duration.ofMillis(300),
          Duration.ofMillis(500),
          Duration.ofDays(4));

  @Inject Node node;
  @Inject Pool pool;
  @Inject WorkTable table;

  private final String name = "test-" + UUID.randomUUID();
  private final Queue<String> attempts = new ConcurrentLinkedQueue<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger mostUnderWay = new AtomicInteger();
  private final List<Pid<?>> drains = new ArrayList<>();

  @AfterEach
  void stop() {
    drains.forEach(
        each ->
            GenServer.stop(each, ExitReason.SHUTDOWN, Duration.ofSeconds(10))
                .toCompletableFuture()
                .join());
    run("DELETE FROM work WHERE kind = $1", name);
  }

  @Test
  void work_added_isDoneOnceAndForgotten() {
    add(item("a", 1), item("b", 2), item("c", 3));
    drain(TIMING, _ -> Uni.createFrom().voidItem());

    await().atMost(PATIENCE).until(() -> rows().isEmpty());
    assertThat(attempts).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void work_thatFails_comesAgainAndHoldsUpNothing() {
    drain(
        TIMING,
        item ->
            item.key().equals("bad") && item.attempts() == 1
                ? Uni.createFrom().failure(new IllegalStateException("not now"))
                : Uni.createFrom().voidItem());
    add(item("bad", 1));
    await().atMost(PATIENCE).until(() -> attempts.contains("bad"));
    add(item("good", 2));
    await().atMost(PATIENCE).until(() -> attempts.contains("good"));

    await().atMost(PATIENCE).until(() -> rows().isEmpty());
    assertThat(attempts).containsExactly("bad", "good", "bad");
  }

  @Test
  void work_thatIsHopelessOrOld_isKeptWithItsProblem() {
    drain(TIMING, _ -> Uni.createFrom().failure(new UnsupportedOperationException("no such")));
    add(item("hopeless", 1));
    await().atMost(PATIENCE).until(() -> "infinity".equals(due("hopeless")));
    assertThat(rows().getFirst().getString("problem")).contains("no such");
    assertThat(attempts).containsExactly("hopeless");
  }

  @Test
  void work_failingForTooLong_isKeptWithItsProblem() {
    add(item("old", 1));
    run("UPDATE work SET created_at = now() - interval '5 days' WHERE kind = $1", name);
    drain(TIMING, _ -> Uni.createFrom().failure(new IllegalStateException("not now")));

    await().atMost(PATIENCE).until(() -> "infinity".equals(due("old")));
    assertThat(attempts).containsExactly("old");
  }

  @Test
  void work_thatTakesTooLong_comesAgain() {
    drain(
        TIMING,
        item -> item.attempts() == 1 ? Uni.createFrom().nothing() : Uni.createFrom().voidItem());
    add(item("slow", 1));

    await().atMost(PATIENCE).until(() -> attempts.size() == 2 && rows().isEmpty());
  }

  @Test
  void work_ofAYoungerEvent_takesThePlaceOfTheOlder() {
    add(item("story", 5));
    add(item("story", 4));
    assertThat(rows().getFirst().getLong("event_seq")).isEqualTo(5);

    CompletableFuture<Void> first = new CompletableFuture<>();
    drain(
        TIMING,
        item ->
            item.seq() == 5
                ? Uni.createFrom().completionStage(first)
                : Uni.createFrom().voidItem());
    await().atMost(PATIENCE).until(() -> attempts.size() == 1);
    add(item("story", 6));
    await().atMost(PATIENCE).until(() -> attempts.size() == 2);
    first.complete(null);

    await().atMost(PATIENCE).until(() -> rows().isEmpty());
    assertThat(attempts).containsExactly("story", "story");
  }

  @Test
  void work_whoseProcessesAreKilled_isDoneAllTheSameAndABoundedNumberAtOnce() {
    WorkItem[] items = new WorkItem[60];
    for (int i = 0; i < items.length; i++) {
      items[i] = item("item-" + i, i);
    }
    add(items);
    drain(TIMING, _ -> slowly());
    for (int kill = 0; kill < 3; kill++) {
      int reached = attempts.size() + 5;
      await().atMost(PATIENCE).until(() -> attempts.size() >= reached);
      Pid<?> drain = node.whereis("work." + name);
      assertThat(drain).isNotNull();
      node.exit(drain, ExitReason.KILL);
    }

    await().atMost(PATIENCE).until(() -> rows().isEmpty());
    assertThat(List.copyOf(attempts)).hasSizeBetween(60, 60 + 3 * 3);
    assertThat(attempts.stream().distinct()).hasSize(60);
    assertThat(mostUnderWay.get()).isLessThanOrEqualTo(2 * 3);
  }

  @Test
  void drain_stoppedInOrder_waitsForWhatIsUnderWay() {
    Pid<?> drain = drain(TIMING, _ -> slowly());
    add(item("a", 1));
    await().atMost(PATIENCE).until(() -> !attempts.isEmpty());
    drains.remove(drain);

    GenServer.stop(drain, ExitReason.SHUTDOWN, Duration.ofSeconds(10)).toCompletableFuture().join();

    assertThat(rows()).isEmpty();
  }

  private Uni<Void> slowly() {
    return Uni.createFrom()
        .voidItem()
        .onItem()
        .delayIt()
        .by(Duration.ofMillis(20))
        .onSubscription()
        .invoke(() -> mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max))
        .onTermination()
        .invoke(underWay::decrementAndGet);
  }

  private Pid<?> drain(WorkDrain.Timing timing, Function<WorkItem, Uni<Void>> work) {
    WorkKind kind =
        new WorkKind() {
          @Override
          public String kind() {
            return name;
          }

          @Override
          public int atOnce() {
            return 3;
          }

          @Override
          public Uni<Void> attempt(WorkItem item) {
            attempts.add(item.key());
            return work.apply(item);
          }

          @Override
          public boolean isHopeless(Throwable failure) {
            return failure instanceof UnsupportedOperationException;
          }
        };
    SupervisorSpec spec =
        SupervisorSpec.of(
            Strategy.ONE_FOR_ONE,
            ChildSpec.server(
                "drain",
                () -> new WorkDrain(kind, table, new SimpleMeterRegistry(), timing),
                ServerOptions.named("work." + name)));
    Pid<?> supervisor =
        Supervisor.start(node, spec)
            .toCompletableFuture()
            .orTimeout(10, TimeUnit.SECONDS)
            .join()
            .orThrow();
    drains.add(supervisor);
    return supervisor;
  }

  private static WorkItem item(String key, long seq) {
    return new WorkItem(key, seq, "", Instant.now(), 0);
  }

  private void add(WorkItem... items) {
    pool.withTransaction(transaction -> table.add(transaction, name, List.of(items)))
        .await()
        .atMost(PATIENCE);
    WorkTree.wake(node, name);
  }

  private String due(String key) {
    return run("SELECT due_at::text AS due FROM work WHERE key = '" + key + "' AND kind = $1", name)
        .getFirst()
        .getString("due");
  }

  private List<Row> rows() {
    return run("SELECT * FROM work WHERE kind = $1", name);
  }

  private List<Row> run(String sql, String kind) {
    return pool.preparedQuery(sql).execute(Tuple.of(kind)).await().atMost(PATIENCE).stream()
        .toList();
  }
}

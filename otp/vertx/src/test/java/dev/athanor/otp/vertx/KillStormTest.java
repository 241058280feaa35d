package dev.athanor.otp.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.supervisor.ChildCount;
import dev.athanor.otp.supervisor.ChildInfo;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Ten thousand supervised servers on real event loops, one of which is ended every 100
/// microseconds, now and then a supervisor with all its children: at the end the tree is whole and
/// nothing is left of the dead. Properties: `athanor.storm.seconds` (5 by default; the long form is
/// 30) and `athanor.storm.seed`. Its figures are in target/kill-storm.txt.
class KillStormTest {
  private static final int TEAMS = 100;
  private static final int TEAM = 100;
  private static final int PERIOD_MICROS = 100;
  private static final int SECONDS = Integer.getInteger("athanor.storm.seconds", 5);
  private static final long SEED = Long.getLong("athanor.storm.seed", 1);

  private final Vertx vertx = Vertx.vertx();
  private final VertxScheduler scheduler = new VertxScheduler(vertx);
  private final Node node = Node.on(scheduler);

  /// Who has which place now.
  private final AtomicReferenceArray<Pid<Message>> places =
      new AtomicReferenceArray<>(TEAMS * TEAM);

  private final Random random = new Random(SEED);

  sealed interface Message {}

  record Place() implements Message, Request<Integer> {}

  record Fail() implements Message {}

  private final class Worker implements GenServer<Message, Integer> {
    private final int place;

    Worker(int place) {
      this.place = place;
    }

    @Override
    public InitResult<Integer> init(ServerSelf<Message> self) {
      places.set(place, self.pid());
      return InitResult.ok(place);
    }

    @Override
    public Next<Integer> handleCall(Message request, From<?> from, Integer state) {
      return Next.reply(state, state);
    }

    @Override
    public Next<Integer> handleCast(Message message, Integer state) {
      throw new IllegalStateException("told to");
    }
  }

  @AfterEach
  void close() {
    node.close();
    scheduler.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static SupervisorSpec supervisor(List<ChildSpec> children) {
    return SupervisorSpec.of(Strategy.ONE_FOR_ONE, children)
        .intensity(Integer.MAX_VALUE, Duration.ofNanos(1));
  }

  private ChildSpec team(int team) {
    return ChildSpec.supervisor(
        team,
        supervisor(
            IntStream.range(team * TEAM, (team + 1) * TEAM)
                .mapToObj(place -> ChildSpec.server(place, () -> new Worker(place)))
                .toList()));
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static long heapAfterGc() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  @Test
  void storm_randomKills_treeIsWholeAndNothingLeaks() throws Exception {
    LongAdder starts = new LongAdder();
    Pid<Supervisor.Command> root =
        join(Supervisor.start(
                node, supervisor(IntStream.range(0, TEAMS).mapToObj(this::team).toList())))
            .orThrow();
    storm(root, 1);
    assertWhole(root);
    long before = heapAfterGc();
    node.telemetry()
        .attach("storm", "athanor.supervisor.child_started", event -> starts.increment());
    storm(root, SECONDS);
    assertWhole(root);
    node.telemetry().detach("storm");
    long after = heapAfterGc();
    Files.writeString(
        Path.of("target", "kill-storm.txt"),
        "%d strokes in %d s, %s children started again, heap after GC %d bytes before, %d after%n"
            .formatted(SECONDS * (1_000_000L / PERIOD_MICROS), SECONDS, starts, before, after));
    assertThat(after)
        .as("heap after GC, in bytes; %s before", before)
        .isLessThan(before + before / 20);
    join(GenServer.stop(root, ExitReason.SHUTDOWN, Duration.ofSeconds(20)));
    await().until(() -> node.processCount() == 0);
  }

  private void storm(Pid<Supervisor.Command> root, int seconds) throws InterruptedException {
    CountDownLatch kills = new CountDownLatch(seconds * (1_000_000 / PERIOD_MICROS));
    try (ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor()) {
      List<ChildInfo> teams = join(Supervisor.whichChildren(root));
      ScheduledFuture<?> strokes =
          killer.scheduleAtFixedRate(
              () -> {
                strike(teams);
                kills.countDown();
              },
              0,
              PERIOD_MICROS,
              TimeUnit.MICROSECONDS);
      boolean done = kills.await(10L * seconds + 20, TimeUnit.SECONDS);
      strokes.cancel(false);
      assertThat(done).as("kills that are missing: %s", kills.getCount()).isTrue();
    }
  }

  private void strike(List<ChildInfo> teams) {
    Pid<Message> victim = places.get(random.nextInt(places.length()));
    int how = random.nextInt(400);
    if (how == 0) {
      // one that was struck before has another pid by now: then this is one stroke less
      node.exit(teams.get(random.nextInt(TEAMS)).pid(), ExitReason.KILL);
    } else if (how < 200) {
      node.exit(victim, ExitReason.KILL);
    } else if (how < 300) {
      node.exit(victim, ExitReason.of("boom"));
    } else {
      GenServer.cast(victim, new Fail());
    }
  }

  private void assertWhole(Pid<Supervisor.Command> root) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> node.processCount() == 1 + TEAMS + TEAMS * TEAM);
    List<ChildInfo> teams = join(Supervisor.whichChildren(root));
    assertThat(teams).hasSize(TEAMS);
    assertThat(node.info(root).links()).isEqualTo(TEAMS);
    for (ChildInfo team : teams) {
      assertTeam(team);
    }
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < places.length(); i++) {
      answers.add(GenServer.<Integer, Place>call(places.get(i), new Place()).toCompletableFuture());
    }
    for (int i = 0; i < places.length(); i++) {
      assertThat(join(answers.get(i))).isEqualTo(i);
    }
  }

  @SuppressWarnings("unchecked")
  private void assertTeam(ChildInfo team) {
    Pid<Supervisor.Command> supervisor = (Pid<Supervisor.Command>) team.pid();
    assertThat(join(Supervisor.countChildren(supervisor)))
        .isEqualTo(new ChildCount(TEAM, TEAM, 0, TEAM));
    assertThat(node.info(supervisor).links()).isEqualTo(TEAM + 1);
    int first = (Integer) team.id() * TEAM;
    assertThat(join(Supervisor.whichChildren(supervisor)))
        .allSatisfy(
            child -> {
              assertThat(child.pid()).isSameAs(places.get((Integer) child.id()));
              assertThat((Integer) child.id()).isBetween(first, first + TEAM - 1);
            });
  }
}

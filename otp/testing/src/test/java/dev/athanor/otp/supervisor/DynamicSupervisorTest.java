package dev.athanor.otp.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.StartResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DynamicSupervisorTest {
  private static final ExitReason BOOM = ExitReason.of("boom");

  private final World world = new World();

  private Pid<DynamicSupervisor.Command> supervisor(DynamicSupervisor.Options options) {
    return world
        .scheduler
        .await(DynamicSupervisor.start(world.node, options, ServerOptions.DEFAULT))
        .orThrow();
  }

  private StartResult<?> start(Pid<DynamicSupervisor.Command> supervisor, ChildSpec spec) {
    return world.scheduler.await(DynamicSupervisor.startChild(supervisor, spec));
  }

  @Test
  void startChild_noRoom_maxChildren() {
    var supervisor = supervisor(DynamicSupervisor.Options.DEFAULT.maxChildren(1));
    assertThat(start(supervisor, world.child("a"))).isInstanceOf(StartResult.Started.class);
    assertThat(start(supervisor, world.child("b")))
        .isEqualTo(new StartResult.Failed<>(ExitReason.of(ChildAnswer.MAX_CHILDREN)));
    assertThat(world.scheduler.await(DynamicSupervisor.countChildren(supervisor)))
        .isEqualTo(new ChildCount(1, 1, 0, 1));
  }

  @Test
  void terminateChild_knownAndUnknown_okAndNotFound() {
    var supervisor = supervisor(DynamicSupervisor.Options.DEFAULT);
    start(supervisor, world.child("a"));
    Pid<?> child = world.named("a");
    assertThat(world.scheduler.await(DynamicSupervisor.terminateChild(supervisor, child)))
        .isEqualTo(ChildAnswer.OK);
    assertThat(world.scheduler.await(DynamicSupervisor.terminateChild(supervisor, child)))
        .isEqualTo(ChildAnswer.NOT_FOUND);
    assertThat(world.diary).containsExactly("up a", "down a shutdown");
  }

  @Test
  void child_crashes_startedAgainAndListedUnderItsNewPid() {
    var supervisor = supervisor(DynamicSupervisor.Options.DEFAULT);
    start(supervisor, world.child("a"));
    world.end("a", BOOM);
    assertThat(world.diary).containsExactly("up a", "down a boom", "up a");
    assertThat(world.scheduler.await(DynamicSupervisor.whichChildren(supervisor)))
        .extracting(ChildInfo::pid)
        .isEqualTo(List.of(world.named("a")));
  }

  @Test
  void child_endsOrderlyAndIsTransient_forgotten() {
    var supervisor = supervisor(DynamicSupervisor.Options.DEFAULT);
    start(supervisor, world.child("a").restart(Restart.TRANSIENT));
    world.end("a", ExitReason.NORMAL);
    assertThat(world.scheduler.await(DynamicSupervisor.countChildren(supervisor)))
        .isEqualTo(new ChildCount(0, 0, 0, 0));
  }

  @Test
  void startChild_oneIsSlow_othersStartMeanwhile() {
    var supervisor = supervisor(DynamicSupervisor.Options.DEFAULT);
    CompletableFuture<InitResult<String>> decision = new CompletableFuture<>();
    var slow =
        DynamicSupervisor.startChild(
                supervisor,
                ChildSpec.<World.Ask, String>server(
                    "slow", () -> self -> InitResult.later(decision)))
            .toCompletableFuture();
    assertThat(start(supervisor, world.child("a"))).isInstanceOf(StartResult.Started.class);
    assertThat(slow).isNotDone();
    decision.complete(InitResult.ok("up"));
    world.scheduler.runUntilIdle();
    assertThat(slow.join()).isInstanceOf(StartResult.Started.class);
  }

  @Test
  void stop_manyChildren_allAreStoppedOverSeveralTurns() {
    var supervisor = supervisor(DynamicSupervisor.Options.DEFAULT);
    for (int i = 0; i < 1000; i++) {
      start(supervisor, world.child("c" + i));
    }
    world.stop(supervisor);
    assertThat(world.diary).hasSize(2000);
    assertThat(world.node.processCount()).isZero();
  }

  @Test
  void startChild_ignored_notKept() {
    var supervisor = supervisor(DynamicSupervisor.Options.DEFAULT.maxChildren(1));
    ChildSpec shy = ChildSpec.<World.Ask, String>server("shy", () -> self -> InitResult.ignore());
    assertThat(start(supervisor, shy)).isInstanceOf(StartResult.Ignored.class);
    assertThat(world.scheduler.await(DynamicSupervisor.countChildren(supervisor)))
        .isEqualTo(new ChildCount(0, 0, 0, 0));
    assertThat(start(supervisor, world.child("a"))).isInstanceOf(StartResult.Started.class);
  }

  @Test
  void withExtra_anyChild_isGivenTheArgumentsOfItsSupervisor() {
    var supervisor = supervisor(DynamicSupervisor.Options.DEFAULT.extraArguments("shop", 3));
    ChildSpec child =
        ChildSpec.of(
            "any",
            DynamicSupervisor.withExtra(
                (parent, extra) ->
                    GenServer.startLink(parent, world.worker("w" + extra), ServerOptions.DEFAULT)));
    assertThat(start(supervisor, child)).isInstanceOf(StartResult.Started.class);
    assertThat(world.diary).containsExactly("up w[shop, 3]");
    Pid<Supervisor.Command> plain = world.supervise(SupervisorSpec.of(Strategy.ONE_FOR_ONE));
    assertThat(world.scheduler.await(Supervisor.startChild(plain, child)))
        .isInstanceOfSatisfying(
            StartResult.Failed.class,
            failed -> assertThat(failed.reason().toString()).contains("dynamic supervisor"));
  }

  @Test
  void restart_startFailsAgainAndAgain_givesUpWithShutdown() {
    boolean[] broken = {false};
    var supervisor =
        supervisor(DynamicSupervisor.Options.DEFAULT.intensity(2, java.time.Duration.ofSeconds(5)));
    start(
        supervisor,
        ChildSpec.server(
            "a",
            () -> {
              if (broken[0]) {
                throw new IllegalStateException("no start");
              }
              return world.worker("a");
            },
            ServerOptions.named("a")));
    start(supervisor, world.child("b"));
    var end = world.node.exited(supervisor);
    broken[0] = true;
    world.end("a", BOOM);
    assertThat(world.scheduler.await(end)).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(world.diary).containsExactly("up a", "up b", "down a boom", "down b shutdown");
  }

  @Test
  void restart_startFailsForEver_supervisorCanStillBeAskedAndKilled() {
    boolean[] broken = {false};
    var supervisor =
        supervisor(
            DynamicSupervisor.Options.DEFAULT.intensity(
                Integer.MAX_VALUE, java.time.Duration.ofSeconds(5)));
    start(
        supervisor,
        ChildSpec.of(
            "a",
            parent -> {
              if (broken[0]) {
                throw new IllegalStateException("no start");
              }
              return GenServer.startLink(parent, world.worker("a"), ServerOptions.named("a"));
            }));
    broken[0] = true;
    world.node.exit(world.named("a"), ExitReason.KILL);
    for (int i = 0; i < 100; i++) {
      world.scheduler.step();
    }
    var count = DynamicSupervisor.countChildren(supervisor).toCompletableFuture();
    world.scheduler.runUntil(count::isDone);
    assertThat(count.join()).isEqualTo(new ChildCount(1, 0, 0, 1));
    world.node.exit(supervisor, ExitReason.KILL);
    world.scheduler.runUntilIdle();
    assertThat(world.node.processCount()).isZero();
  }
}

package dev.athanor.otp.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
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
}

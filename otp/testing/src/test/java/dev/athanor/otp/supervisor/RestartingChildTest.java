package dev.athanor.otp.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.StartResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/// What can be done with a child whose restart failed and is tried again.
class RestartingChildTest {
  private final World world = new World();
  private boolean broken;

  @Test
  void startChild_sameIdIsRestarting_answersRestarting() {
    ChildSpec fragile =
        ChildSpec.of(
            "a",
            parent ->
                broken
                    ? CompletableFuture.completedStage(
                        new StartResult.Failed<Object>(ExitReason.of("broken")))
                    : world.child("a").start().start(parent));
    Pid<Supervisor.Command> supervisor =
        world.supervise(
            SupervisorSpec.of(Strategy.ONE_FOR_ONE, fragile)
                .intensity(1_000_000, Duration.ofSeconds(5)));
    broken = true;
    breakIt(supervisor);
    CompletionStage<StartResult<?>> again = Supervisor.startChild(supervisor, fragile);
    CompletionStage<StartResult<?>> restarted = Supervisor.restartChild(supervisor, "a");
    CompletionStage<ChildAnswer> deleted = Supervisor.deleteChild(supervisor, "a");
    CompletionStage<List<ChildInfo>> children = Supervisor.whichChildren(supervisor);
    assertThat(world.scheduler.await(again))
        .isEqualTo(SupervisorProcess.refusal(ChildAnswer.RESTARTING));
    assertThat(world.scheduler.await(restarted))
        .isEqualTo(SupervisorProcess.refusal(ChildAnswer.RESTARTING));
    assertThat(world.scheduler.await(deleted)).isEqualTo(ChildAnswer.RESTARTING);
    assertThat(world.scheduler.await(children))
        .containsExactly(new ChildInfo("a", null, ChildSpec.Type.WORKER, true));
  }

  private void breakIt(Pid<?> supervisor) {
    world.node.exit(world.named("a"), ExitReason.KILL);
    world.scheduler.runUntil(
        () -> world.node.whereis("a") == null && world.node.info(supervisor).messagesHandled() > 1);
  }
}

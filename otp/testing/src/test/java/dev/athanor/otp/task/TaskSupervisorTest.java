package dev.athanor.otp.task;

import static dev.athanor.otp.task.Desk.ms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.supervisor.ChildAnswer;
import dev.athanor.otp.supervisor.Restart;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskSupervisorTest {
  private static final ExitReason BOOM = ExitReason.of("boom");
  private static final ExitReason FULL = ExitReason.of(ChildAnswer.MAX_CHILDREN);

  private final Desk desk = new Desk();

  @Test
  void startChild_noRoom_maxChildren() {
    var supervisor = desk.supervisor(1);
    assertThat(desk.scheduler.await(TaskSupervisor.startChild(supervisor, desk.sleep(1000))))
        .isInstanceOf(StartResult.Started.class);
    assertThat(desk.scheduler.await(TaskSupervisor.startChild(supervisor, desk.sleep(1000))))
        .isEqualTo(new StartResult.Failed<>(FULL));
    Task<Integer> refused = TaskSupervisor.asyncNoLink(supervisor, desk.sleep(1));
    assertThat(desk.scheduler.await(refused.tryAwait(ms(100))))
        .isEqualTo(new Task.Outcome.Exit<>(FULL));
  }

  @Test
  void asyncNoLink_crash_reasonAndTheOwnerUnharmed() {
    var supervisor = desk.supervisor(10);
    Task<Object> task = desk.as(self -> TaskSupervisor.asyncNoLink(supervisor, Desk.exit("boom")));
    assertThat(desk.scheduler.await(task.tryAwait(ms(100))))
        .isEqualTo(new Task.Outcome.Exit<>(BOOM));
    assertThat(desk.owner.received()).isEmpty();
    assertThat(desk.node.callers(task.pid())).isEqualTo(List.of(desk.owner.pid()));
  }

  @Test
  void async_supervised_valueAndAmongTheChildrenMeanwhile() {
    var supervisor = desk.supervisor(10);
    Task<Integer> task = desk.as(self -> TaskSupervisor.async(self, supervisor, desk.sleep(20)));
    desk.scheduler.runUntilIdle();
    assertThat(desk.scheduler.await(TaskSupervisor.children(supervisor)))
        .isEqualTo(List.of(task.pid()));
    assertThat(desk.scheduler.await(task.await())).isEqualTo(20);
    desk.scheduler.runUntilIdle();
    assertThat(desk.scheduler.await(TaskSupervisor.children(supervisor))).isEmpty();
  }

  @Test
  void supervisor_endsOrIsGone_tasksExit() {
    var supervisor = desk.supervisor(10);
    Task<Integer> task = TaskSupervisor.asyncNoLink(supervisor, desk.sleep(1000));
    desk.scheduler.runUntilIdle();
    desk.node.exit(supervisor, ExitReason.KILL);
    assertThat(desk.scheduler.await(task.tryAwait(ms(100))))
        .isEqualTo(new Task.Outcome.Exit<>(ExitReason.KILLED));
    Task<Integer> late = TaskSupervisor.asyncNoLink(supervisor, desk.sleep(1000));
    assertThat(desk.scheduler.await(late.tryAwait(ms(100))))
        .isEqualTo(new Task.Outcome.Exit<>(ExitReason.NO_PROCESS));
    assertThat(desk.node.processCount()).isEqualTo(1);
  }

  @Test
  void terminateChild_running_shutDown() {
    var supervisor = desk.supervisor(10);
    Task<Integer> task = TaskSupervisor.asyncNoLink(supervisor, desk.sleep(1000));
    desk.scheduler.runUntilIdle();
    assertThat(desk.scheduler.await(TaskSupervisor.terminateChild(supervisor, task.pid())))
        .isEqualTo(ChildAnswer.OK);
    assertThat(desk.scheduler.await(task.tryAwait(ms(0))))
        .isEqualTo(new Task.Outcome.Exit<>(ExitReason.SHUTDOWN));
  }

  @Test
  void startChild_transientWorkFailsTwice_doneAgainUntilItSucceeds() {
    var supervisor = desk.supervisor(10);
    int[] attempts = {0};
    desk.scheduler.await(
        TaskSupervisor.startChild(
            supervisor,
            Restart.TRANSIENT,
            () -> {
              attempts[0]++;
              if (attempts[0] < 3) {
                throw new IllegalStateException("not yet");
              }
              return null;
            }));
    desk.scheduler.runUntilIdle();
    assertThat(attempts[0]).isEqualTo(3);
    assertThat(desk.scheduler.await(TaskSupervisor.children(supervisor))).isEmpty();
  }

  @Test
  void child_underASupervisor_runsOnceAndIsForgotten() {
    int[] runs = {0};
    var supervisor =
        desk.scheduler
            .await(
                Supervisor.start(
                    desk.node,
                    SupervisorSpec.of(Strategy.ONE_FOR_ONE, Task.child("once", () -> ++runs[0]))))
            .orThrow();
    desk.scheduler.runUntilIdle();
    assertThat(runs[0]).isEqualTo(1);
    assertThat(desk.scheduler.await(Supervisor.whichChildren(supervisor))).isEmpty();
  }
}

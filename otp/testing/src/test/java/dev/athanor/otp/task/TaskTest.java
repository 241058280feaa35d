package dev.athanor.otp.task;

import static dev.athanor.otp.task.Desk.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.supervisor.Shutdown;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TaskTest {
  private static final ExitReason BOOM = ExitReason.of("boom");

  private final Desk desk = new Desk();

  @Test
  void await_workReturns_itsValueAndTheProcessIsGone() {
    Task<Integer> task = desk.async(() -> 1 + 1);
    assertThat(desk.scheduler.await(task.await())).isEqualTo(2);
    assertThat(task.pid().isAlive()).isFalse();
    desk.scheduler.runUntilIdle();
    assertThat(desk.owner.received())
        .containsExactly(new Signal.Exit(task.pid(), ExitReason.NORMAL));
  }

  @Test
  void await_workReturnsNull_null() {
    Task<Object> task = desk.async(() -> null);
    assertThat(desk.scheduler.await(task.await())).isNull();
  }

  @Test
  void await_tooLate_exitTimeoutAndTheTaskGoesOn() {
    Task<Integer> task = desk.async(desk.sleep(500));
    TaskExit exit =
        catchThrowableOfType(TaskExit.class, () -> desk.scheduler.await(task.await(ms(100))));
    assertThat(exit.reason()).isEqualTo(ExitReason.of("timeout"));
    assertThat(desk.scheduler.nanoTime()).isEqualTo(100_000_000L);
    assertThat(desk.scheduler.await(task.await())).isEqualTo(500);
  }

  @Test
  void await_workThrows_failsWithTheCauseAndTheOwnerHears() {
    IllegalStateException cause = new IllegalStateException("oops");
    Task<Object> task =
        desk.async(
            () -> {
              throw cause;
            });
    assertThatThrownBy(() -> desk.scheduler.await(task.await()))
        .isInstanceOf(TaskExit.class)
        .hasCause(cause);
    desk.scheduler.runUntilIdle();
    assertThat(desk.owner.received())
        .containsExactly(new Signal.Exit(task.pid(), new ExitReason.Crashed(cause)));
  }

  @Test
  void await_workAwaitsATaskThatExits_endsWithTheSameReason() {
    Task<Object> task =
        desk.async(
            () -> {
              Task<Object> inner = Task.async(Desk.exit("boom"));
              desk.node.exit(inner.pid(), BOOM);
              throw new TaskExit(BOOM);
            });
    assertThatThrownBy(() -> desk.scheduler.await(task.await())).hasMessageContaining("boom");
  }

  @Test
  void tryAwait_notYetThenDone_noneThenOk() {
    Task<Integer> task = desk.async(desk.after(50, 7));
    assertThat(desk.scheduler.await(task.tryAwait(ms(10)))).isEqualTo(new Task.Outcome.None<>());
    assertThat(desk.scheduler.await(task.tryAwait(ms(0)))).isEqualTo(new Task.Outcome.None<>());
    assertThat(desk.scheduler.await(task.tryAwait(ms(100)))).isEqualTo(new Task.Outcome.Ok<>(7));
    assertThat(desk.scheduler.await(task.tryAwait(ms(0)))).isEqualTo(new Task.Outcome.Ok<>(7));
  }

  @Test
  void shutdown_running_noneAndTheOwnerHearsNothing() {
    Task<Integer> task = desk.async(desk.sleep(1000));
    assertThat(desk.scheduler.await(task.shutdown())).isEqualTo(new Task.Outcome.None<>());
    Task<Integer> other = desk.async(desk.sleep(1000));
    assertThat(desk.scheduler.await(other.shutdown(Shutdown.brutal())))
        .isEqualTo(new Task.Outcome.None<>());
    assertThat(desk.owner.received()).isEmpty();
    assertThat(desk.node.processCount()).isEqualTo(1);
  }

  @Test
  void shutdown_endedBefore_theOutcomeItHad() {
    Task<Integer> done = desk.async(() -> 3);
    Task<Integer> crashed = desk.async(Desk.exit("boom"));
    desk.scheduler.runUntilIdle();
    assertThat(desk.scheduler.await(done.shutdown())).isEqualTo(new Task.Outcome.Ok<>(3));
    assertThat(desk.scheduler.await(crashed.shutdown())).isEqualTo(new Task.Outcome.Exit<>(BOOM));
  }

  @Test
  void owner_endsOrCrashes_takesTheTaskAlongUnlessItEndsNormally() {
    Task<Integer> first = desk.async(desk.sleep(1000));
    Task<Integer> kept =
        desk.scheduler.await(
            dev.athanor.otp.testing.Probe.on(desk.node)
                .run(
                    self -> {
                      self.exit(ExitReason.NORMAL);
                      return Task.async(self, desk.sleep(1000));
                    }));
    desk.node.exit(desk.owner.pid(), ExitReason.KILL);
    desk.scheduler.runUntilIdle();
    assertThat(first.pid().isAlive()).isFalse();
    assertThat(desk.scheduler.await(first.tryAwait(ms(0))))
        .isEqualTo(new Task.Outcome.Exit<>(ExitReason.KILLED));
    assertThat(desk.scheduler.await(kept.await())).isEqualTo(1000);
  }

  @Test
  void awaitMany_allReturn_valuesInTheirOrder() {
    List<Task<Integer>> tasks = List.of(desk.async(desk.sleep(30)), desk.async(desk.sleep(10)));
    assertThat(desk.scheduler.await(Task.awaitMany(tasks, ms(100)))).containsExactly(30, 10);
    assertThat(desk.scheduler.await(Task.<Integer>awaitMany(List.of(), ms(1)))).isEmpty();
  }

  @Test
  void awaitMany_oneExits_failsAtOnceWithItsReason() {
    List<Task<Integer>> tasks =
        List.of(desk.async(desk.sleep(1000)), desk.async(Desk.exit("boom")));
    assertThatThrownBy(() -> desk.scheduler.await(Task.awaitMany(tasks, ms(5000))))
        .isInstanceOf(TaskExit.class)
        .hasMessageContaining("boom");
    assertThat(desk.scheduler.nanoTime()).isZero();
  }

  @Test
  void awaitMany_oneTooSlow_timeout() {
    List<Task<Integer>> tasks = List.of(desk.async(() -> 1), desk.async(desk.sleep(1000)));
    assertThatThrownBy(() -> desk.scheduler.await(Task.awaitMany(tasks, ms(50))))
        .hasMessageContaining("timeout");
    assertThat(desk.scheduler.await(Task.tryAwaitMany(tasks, ms(10))))
        .containsExactly(new Task.Outcome.Ok<>(1), new Task.Outcome.None<>());
  }

  @Test
  void callers_nestedTasks_wholeChainNearestFirst() {
    AtomicReference<List<Pid<?>>> seen = new AtomicReference<>();
    AtomicReference<Pid<?>> inner = new AtomicReference<>();
    Task<Pid<?>> outer =
        desk.async(
            () -> {
              Task<Object> nested =
                  Task.async(
                      () -> {
                        seen.set(Task.callers());
                        return null;
                      });
              inner.set(nested.pid());
              return Node.current();
            });
    assertThat(desk.scheduler.<Pid<?>>await(outer.await())).isEqualTo(outer.pid());
    desk.scheduler.runUntilIdle();
    assertThat(seen.get()).isEqualTo(List.of(outer.pid(), desk.owner.pid()));
    assertThat(desk.node.callers(inner.get())).isEqualTo(seen.get());
    assertThat(Task.callers()).isEmpty();
  }

  @Test
  void async_outsideOfWorkWithoutOwner_refused() {
    assertThatThrownBy(() -> Task.async(() -> 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Task.async(self, work)");
  }

  @Test
  void awaitBlocking_onAnEventLoop_refused() {
    Task<Integer> task = desk.async(() -> 1);
    assertThatThrownBy(() -> desk.as(self -> task.awaitBlocking(ms(10))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("event loop");
    desk.scheduler.runUntilIdle();
    assertThat(task.awaitBlocking(ms(10))).isEqualTo(1);
  }

  @Test
  void stage_nullOrThrows_crash() {
    Task<Object> none = desk.async(Work.stage(() -> null));
    Task<Object> failed =
        desk.async(
            Work.stage(
                () -> CompletableFuture.failedStage(new IllegalArgumentException("bad page"))));
    desk.scheduler.runUntilIdle();
    assertThatThrownBy(() -> desk.scheduler.await(none.await())).hasMessageContaining("Work.stage");
    assertThatThrownBy(() -> desk.scheduler.await(failed.await())).hasRootCauseMessage("bad page");
  }

  @Test
  void ownerNotTrapping_taskCrashes_ownerEndsWithTheReason() {
    Task<Integer>[] started = one();
    Pid<String> owner =
        desk.node.spawn(
            (self, message) -> started[0] = Task.async(self, Desk.exit(message)),
            SpawnOptions.DEFAULT);
    var end = desk.node.exited(owner);
    owner.send("boom");
    assertThat(desk.scheduler.await(end)).isEqualTo(BOOM);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Task<Integer>[] one() {
    return new Task[1];
  }
}

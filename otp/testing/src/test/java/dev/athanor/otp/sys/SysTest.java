package dev.athanor.otp.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.server.Agent;
import dev.athanor.otp.server.CallTimeout;
import dev.athanor.otp.server.CallingSelf;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.ServerDown;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SysTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(9);
  private final Node node = Node.on(scheduler);
  private final Clerk clerk = new Clerk();

  private Pid<Clerk.Ask> up() {
    return scheduler.await(GenServer.start(node, clerk, ServerOptions.named("clerk"))).orThrow();
  }

  private Throwable failureOf(CompletionStage<?> stage) {
    var future = stage.toCompletableFuture();
    scheduler.runUntil(future::isDone);
    return future.exceptionNow();
  }

  @Test
  void getAndReplaceState_server_asInOtp() {
    Pid<Clerk.Ask> pid = up();
    assertThat(scheduler.await(Sys.getState(pid))).isEqualTo("a");
    assertThat(scheduler.await(Sys.replaceState(pid, state -> "b"))).isEqualTo("b");
    assertThat(scheduler.await(GenServer.call(pid, new Clerk.Get()))).isEqualTo("b");
  }

  @Test
  void replaceState_functionThrows_stateStaysAndServerLives() {
    Pid<Clerk.Ask> pid = up();
    Throwable failure =
        failureOf(
            Sys.replaceState(
                pid,
                state -> {
                  throw new IllegalArgumentException("no");
                }));
    assertThat(failure).hasMessage("no");
    assertThat(scheduler.await(Sys.getState(pid))).isEqualTo("a");
  }

  @Test
  void suspend_callMeanwhile_timesOutAndIsAnsweredAfterTheResume() {
    Pid<Clerk.Ask> pid = up();
    scheduler.await(Sys.suspend(pid));
    var call = GenServer.call(pid, new Clerk.Get(), Duration.ofMillis(50)).toCompletableFuture();
    scheduler.advance(Duration.ofMillis(60));
    assertThat(call.exceptionNow()).isInstanceOf(CallTimeout.class);
    scheduler.await(Sys.resume(pid));
    assertThat(scheduler.await(GenServer.call(pid, new Clerk.Get()))).isEqualTo("a");
  }

  @Test
  void suspend_twice_oneResumeIsEnough() {
    Pid<Clerk.Ask> pid = up();
    scheduler.await(Sys.suspend(pid));
    scheduler.await(Sys.suspend(pid));
    assertThat(scheduler.await(Sys.getStatus(pid)).suspended()).isTrue();
    scheduler.await(Sys.resume(pid));
    assertThat(scheduler.await(GenServer.call(pid, new Clerk.Get()))).isEqualTo("a");
  }

  @Test
  void changeCode_suspended_convertsTheState() {
    Pid<Clerk.Ask> pid = up();
    scheduler.await(Sys.suspend(pid));
    scheduler.await(Sys.changeCode(pid, 1, "x"));
    scheduler.await(Sys.resume(pid));
    assertThat(scheduler.await(Sys.getState(pid))).isEqualTo("a1x");
  }

  @Test
  void changeCode_notSuspendedOrItThrows_failsAndTheStateStays() {
    Pid<Clerk.Ask> pid = up();
    assertThat(failureOf(Sys.changeCode(pid, 1, "x"))).hasMessageContaining("suspend it first");
    scheduler.await(Sys.suspend(pid));
    assertThat(failureOf(Sys.changeCode(pid, 1, null))).hasMessage("nothing extra");
    assertThat(scheduler.await(Sys.getState(pid))).isEqualTo("a");
  }

  @Test
  void terminate_suspendedServer_terminates() {
    Pid<Clerk.Ask> pid = up();
    scheduler.await(Sys.suspend(pid));
    scheduler.await(Sys.terminate(pid, ExitReason.of("enough")));
    scheduler.runUntilIdle();
    assertThat(pid.isAlive()).isFalse();
    assertThat(clerk.diary).containsExactly("terminate enough");
  }

  @Test
  void getStatus_server_showsWhatFormatStatusLeaves() {
    Pid<Clerk.Ask> pid = up();
    scheduler.await(Debug.log(pid, 3));
    Status status = scheduler.await(Sys.getStatus(pid));
    assertThat(status.module()).isEqualTo(Clerk.class.getName());
    assertThat(status.state()).isEqualTo("***");
    assertThat(status.suspended()).isFalse();
    assertThat(status.parent()).isNull();
    assertThat(status.debug()).containsExactly("log");
    assertThat(status.info().names()).containsExactly("clerk");
  }

  @Test
  void getStatus_childOfASupervisor_hasItAsParent() {
    var supervisor =
        scheduler
            .await(
                Supervisor.start(
                    node,
                    SupervisorSpec.of(
                        Strategy.ONE_FOR_ONE, ChildSpec.server("clerk", () -> clerk))))
            .orThrow();
    var child = scheduler.await(Supervisor.whichChildren(supervisor)).getFirst();
    Status status = scheduler.await(Sys.getStatus(java.util.Objects.requireNonNull(child.pid())));
    assertThat(status.parent()).isEqualTo(supervisor);
    assertThat(scheduler.await(Sys.getState(supervisor))).isEqualTo(List.of(child));
    assertThat(scheduler.await(Sys.getStatus(supervisor)).info().links()).isEqualTo(1);
    assertThat(failureOf(Sys.replaceState(supervisor, children -> List.of())))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void suspend_supervisor_restartsWaitForTheResume() {
    var supervisor =
        scheduler
            .await(
                Supervisor.start(
                    node,
                    SupervisorSpec.of(
                        Strategy.ONE_FOR_ONE,
                        ChildSpec.server("clerk", Clerk::new, ServerOptions.named("clerk")))))
            .orThrow();
    Pid<?> first = java.util.Objects.requireNonNull(node.whereis("clerk"));
    scheduler.await(Sys.suspend(supervisor));
    node.exit(first, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(node.whereis("clerk")).isNull();
    scheduler.await(Sys.resume(supervisor));
    scheduler.runUntilIdle();
    assertThat(node.whereis("clerk")).isNotNull().isNotEqualTo(first);
  }

  @Test
  void getState_agent_isItsState() {
    var agent =
        scheduler.await(Agent.start(node, () -> List.of(1), ServerOptions.DEFAULT)).orThrow();
    assertThat(scheduler.await(Sys.getState(agent))).isEqualTo(List.of(1));
  }

  @Test
  void getState_plainProcess_refusedWithTheWayToShowIt() {
    Pid<String> plain = node.spawn((self, message) -> {});
    assertThat(failureOf(Sys.getState(plain)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("Behavior.inside()");
    assertThat(plain.isAlive()).isTrue();
  }

  @Test
  void suspend_plainProcess_messagesWait() {
    List<String> diary = new ArrayList<>();
    Pid<String> plain = node.spawn((self, message) -> diary.add(message));
    scheduler.await(Sys.suspend(plain));
    plain.send("one");
    scheduler.runUntilIdle();
    assertThat(diary).isEmpty();
    assertThat(scheduler.await(Sys.getStatus(plain)).info().mailboxLength()).isEqualTo(1);
    scheduler.await(Sys.resume(plain));
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("one");
  }

  @Test
  void getState_deadOrDying_failsWithTheReason() {
    Pid<Clerk.Ask> pid = up();
    GenServer.cast(pid, new Clerk.Fail());
    var pending = Sys.getState(pid);
    assertThat(failureOf(pending))
        .isInstanceOfSatisfying(
            ServerDown.class,
            down -> assertThat(down.reason()).isInstanceOf(ExitReason.Crashed.class));
    scheduler.runUntilIdle();
    assertThat(failureOf(Sys.getState(pid)))
        .isInstanceOfSatisfying(
            ServerDown.class, down -> assertThat(down.reason()).isEqualTo(ExitReason.NO_PROCESS));
  }

  @Test
  void getState_busyProcess_timesOut() {
    Pid<String> stuck =
        node.spawn(
            new Behavior<String>() {
              @Override
              public void onMessage(Self<String> self, String message) {}

              @Override
              public void onSystem(Live process, SystemRequest request) {
                // never comes to it
              }
            });
    assertThat(failureOf(Sys.getState(stuck, Duration.ofMillis(20))))
        .isInstanceOf(CallTimeout.class);
  }

  @Test
  void getState_ofOneself_fails() {
    Probe<Object> probe = Probe.on(node);
    var outcome = probe.run(self -> Sys.getState(self.pid()));
    assertThat(failureOf(scheduler.await(outcome))).isInstanceOf(CallingSelf.class);
  }

  @Test
  void blocking_onAnEventLoop_refused() {
    Pid<Clerk.Ask> pid = up();
    Probe<Object> probe = Probe.on(node);
    var outcome = probe.run(self -> Sys.blocking(pid, Sys.getState(pid)));
    assertThat(failureOf(outcome)).hasMessageContaining("event loop");
    var done = Sys.getState(pid);
    scheduler.runUntilIdle();
    assertThat(Sys.blocking(pid, done)).isEqualTo("a");
    node.exit(pid, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThatThrownBy(() -> Sys.blocking(pid, Sys.getState(pid))).isInstanceOf(ServerDown.class);
  }
}

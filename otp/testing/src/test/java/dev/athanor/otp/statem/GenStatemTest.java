package dev.athanor.otp.statem;

import static dev.athanor.otp.statem.Lab.answer;
import static dev.athanor.otp.statem.Lab.ev;
import static dev.athanor.otp.statem.Lab.keep;
import static dev.athanor.otp.statem.Lab.ms;
import static dev.athanor.otp.statem.Lab.next;
import static dev.athanor.otp.statem.StateAction.stateTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.CallTimeout;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.ServerDown;
import dev.athanor.otp.server.StartResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GenStatemTest {
  private final Lab lab = new Lab();

  private StartResult<Lab.Msg> start(InitResult<Step.NextState<String, String>> init) {
    lab.init(init);
    return lab.scheduler.await(GenStatem.start(lab.node, lab.machine()));
  }

  @Test
  void start_initStopsOrIgnores_outcomeAndNoProcess() {
    assertThat(start(InitResult.stop(ExitReason.of("why"))))
        .isEqualTo(new StartResult.Failed<>(ExitReason.of("why")));
    assertThat(start(InitResult.ignore())).isEqualTo(new StartResult.Ignored<>());
    lab.scheduler.runUntilIdle();
    assertThat(lab.node.processCount()).isZero();
  }

  @Test
  void start_initDecidesNull_failed() {
    assertThat(start(null)).isInstanceOf(StartResult.Failed.class);
  }

  @Test
  void start_initDecidesLater_eventsWait() {
    var decision = new CompletableFuture<InitResult<Step.NextState<String, String>>>();
    lab.init(InitResult.later(decision)).noting();
    var started = GenStatem.start(lab.node, lab.machine());
    lab.scheduler.runUntilIdle();
    lab.node.processes().forEach(pid -> GenServer.cast(raw(pid), ev("x")));
    lab.scheduler.runUntilIdle();
    decision.complete(InitResult.ok(Step.nextState("late", "d")));
    lab.scheduler.await(started);
    lab.saw("enter late late, cast x late, enter late late");
  }

  @SuppressWarnings("unchecked")
  private static dev.athanor.otp.process.Pid<Object> raw(dev.athanor.otp.process.Pid<?> pid) {
    return (dev.athanor.otp.process.Pid<Object>) pid;
  }

  @Test
  void call_replied_callerHasIt() {
    assertThat(lab.call("c", answer(1))).isCompletedWithValue(1);
  }

  @Test
  void call_notReplied_timesOut() {
    var reply = lab.call("c", keep());
    lab.pass(5000);
    assertThat(reply.exceptionNow()).isInstanceOf(CallTimeout.class);
  }

  @Test
  void call_postponed_repliedInTheNextState() {
    lab.cast("s", keep(stateTimeout(ms(20), ev("t", next("b")))));
    var reply =
        lab.call(
            "c",
            (event, state) ->
                state.equals("a")
                    ? Step.keepStateAndData(StateAction.postpone())
                    : answer(state).on(event, state));
    assertThat(reply).isNotDone();
    lab.pass(20);
    assertThat(reply).isCompletedWithValue("b");
    lab.saw("cast s a, call c a, state_timeout t a, call c b");
  }

  @Test
  void stopAndReply_call_repliedAndTerminated() {
    var reply =
        lab.call(
            "c",
            (event, state) ->
                Step.stopAndReply(
                    ExitReason.NORMAL,
                    "d9",
                    StateAction.reply(((Event.Call<?>) event).from(), "bye")));
    assertThat(reply).isCompletedWithValue("bye");
    lab.saw("call c a, terminate normal a d9");
    assertThat(lab.pid().isAlive()).isFalse();
  }

  @Test
  void stop_withoutReply_callerHearsTheReason() {
    var reply = lab.call("c", (event, state) -> Step.stop(ExitReason.NORMAL, "d2"));
    assertThat(reply.exceptionNow())
        .isInstanceOfSatisfying(
            ServerDown.class, down -> assertThat(down.reason()).isEqualTo(ExitReason.NORMAL));
    lab.saw("call c a, terminate normal a d2");
  }

  @Test
  void stop_withPostponedCalls_allHearTheReason() {
    var first = lab.call("c1", keep(StateAction.postpone()));
    var second = lab.call("c2", keep(StateAction.postpone()));
    lab.cast("s", (event, state) -> Step.stop(ExitReason.SHUTDOWN));
    lab.scheduler.runUntilIdle();
    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompletedExceptionally();
  }

  @Test
  void handleEvent_throws_terminatesAndReports() {
    List<Map<String, ?>> reports = new ArrayList<>();
    lab.node
        .telemetry()
        .attach("t", "athanor.server.crashed", event -> reports.add(event.metadata()));
    var reply =
        lab.call(
            "c",
            (event, state) -> {
              throw new IllegalStateException("oops");
            });
    assertThat(reply.exceptionNow()).hasMessageContaining("oops");
    lab.saw("call c a, terminate oops a d");
    assertThat(reports).hasSize(1);
    assertThat(reports.getFirst().get("server")).isEqualTo(lab.machine().getClass().getName());
    assertThat(String.valueOf(reports.getFirst().get("state")))
        .contains("StateData[state=a, data=d]");
  }

  @Test
  void handleEvent_decidesNull_crashesAndSaysWhatToDo() {
    lab.cast("c", (event, state) -> null);
    lab.scheduler.runUntilIdle();
    lab.saw(
        "cast c a, terminate "
            + lab.machine().getClass().getName()
            + " decided null on Cast[message=c] in state a; return a Step a d");
  }

  @Test
  void genServerStop_machine_terminates() {
    lab.scheduler.await(GenServer.stop(lab.pid()));
    lab.saw("terminate normal a d");
  }

  @Test
  void supervisorsOrder_parentEnds_terminates() {
    var parent = dev.athanor.otp.testing.Probe.<Object>on(lab.node);
    var start =
        parent.run(
            self -> {
              GenStatem<Lab.Msg, String, String> machine = lab.machine();
              return GenStatem.startLink(self, machine);
            });
    var pid = lab.scheduler.await(lab.scheduler.await(start)).orThrow();
    lab.node.exit(parent.pid(), ExitReason.KILL);
    lab.scheduler.runUntilIdle();
    assertThat(pid.isAlive()).isFalse();
  }

  @Test
  void mailbox_machineUnderLoad_eachEventOnce() {
    int[] count = new int[1];
    for (int i = 0; i < 10_000; i++) {
      lab.cast(
          "n",
          (event, state) -> {
            count[0]++;
            return Step.keepStateAndData(StateAction.timeout("n", Duration.ofSeconds(1), ev("t")));
          });
    }
    lab.scheduler.runUntilIdle();
    assertThat(count[0]).isEqualTo(10_000);
    assertThat(lab.node.info(lab.pid()).mailboxLength()).isZero();
  }
}

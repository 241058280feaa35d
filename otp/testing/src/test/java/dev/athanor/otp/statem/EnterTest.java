package dev.athanor.otp.statem;

import static dev.athanor.otp.statem.Lab.ev;
import static dev.athanor.otp.statem.Lab.internal;
import static dev.athanor.otp.statem.Lab.keep;
import static dev.athanor.otp.statem.Lab.ms;
import static dev.athanor.otp.statem.Lab.next;
import static dev.athanor.otp.statem.Lab.postponeIn;
import static dev.athanor.otp.statem.StateAction.stateTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.InitResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnterTest {
  private final Lab lab = new Lab();

  private static Lab.Entering inB(Step<String, String> step) {
    return (old, state) -> state.equals("b") ? step : Step.keepStateAndData();
  }

  private static final Lab.Reaction REPEAT = (event, state) -> Step.repeatStateAndData();

  @Test
  void enter_startAndChanges_calledForNewStatesOnly() {
    lab.noting()
        .cast("go", next("b"))
        .cast("same", next("b"))
        .cast("back", next("a"))
        .saw("enter a a, cast go a, enter a b, cast same b, cast back b, enter b a");
  }

  @Test
  void enter_stateRepeats_calledAgain() {
    lab.noting()
        .cast("r", REPEAT)
        .cast("r2", (event, state) -> Step.repeatState("d2"))
        .saw("enter a a, cast r a, enter a a, cast r2 a, enter a a");
  }

  @Test
  void repeat_withPostponed_doesNotRetry() {
    lab.noting()
        .cast("p", postponeIn("a"))
        .cast("r", REPEAT)
        .cast("x")
        .cast("go", next("b"))
        .saw(
            "enter a a, cast p a, cast r a, enter a a, cast x a, cast go a, enter a b,"
                + " cast p b");
  }

  @Test
  void enter_withInsertedAndRetried_calledBefore() {
    lab.noting()
        .cast("p", postponeIn("a"))
        .cast("go", next("b", internal("i")))
        .cast("x")
        .saw("enter a a, cast p a, cast go a, enter a b, internal i b, cast p b, cast x b");
  }

  @Test
  void enter_startsStateTimeout_comes() {
    lab.entering(inB(Step.keepStateAndData(stateTimeout(ms(20), ev("t")))))
        .cast("go", next("b"))
        .pass(50)
        .saw("enter a a, cast go a, enter a b, state_timeout t b");
  }

  @Test
  void enter_sameTimerAsTheStep_enterCounts() {
    lab.entering(inB(Step.keepStateAndData(stateTimeout(ms(20), ev("fromenter")))))
        .cast("go", next("b", stateTimeout(ms(10), ev("fromstep"))))
        .pass(50)
        .saw("enter a a, cast go a, enter a b, state_timeout fromenter b");
  }

  @Test
  void enter_zeroTimeout_afterInsertedBeforeTheMailbox() {
    lab.entering(inB(Step.keepStateAndData(stateTimeout(Duration.ZERO, ev("t")))))
        .cast("go", next("b", internal("i")))
        .cast("x")
        .saw("enter a a, cast go a, enter a b, internal i b, state_timeout t b, cast x b");
  }

  @Test
  void enter_stops_terminatesInTheNewState() {
    lab.entering(inB(Step.stop(ExitReason.of("bye"))))
        .cast("go", next("b"))
        .saw("enter a a, cast go a, enter a b, terminate bye b d");
  }

  @Test
  void enter_goesElsewhere_crashesAndSaysWhatToDo() {
    lab.entering(inB(Step.nextState("c", "d"))).cast("go", next("b"));
    lab.scheduler.runUntilIdle();
    assertThat(lab.pid().isAlive()).isFalse();
    lab.saw(
        "enter a a, cast go a, enter a b, terminate "
            + lab.machine().getClass().getName()
            + ".enter of state b went to c; a state that is entered stays: use nextEvent before,"
            + " or a state timeout of zero b d");
  }

  @Test
  void enter_postponesOrInserts_crashes() {
    for (StateAction wrong : List.of(StateAction.postpone(), internal("i"))) {
      Lab other = new Lab();
      other.entering(inB(Step.keepStateAndData(wrong))).cast("go", next("b"));
      other.scheduler.runUntilIdle();
      assertThat(other.pid().isAlive()).isFalse();
    }
  }

  @Test
  void enter_repeats_calledUntilItDoesNot() {
    List<String> calls = new ArrayList<>();
    lab.entering(
            (old, state) -> {
              if (state.equals("b") && calls.isEmpty()) {
                calls.add(state);
                return Step.repeatStateAndData();
              }
              return Step.keepStateAndData();
            })
        .cast("go", next("b"))
        .saw("enter a a, cast go a, enter a b, enter a b");
  }

  @Test
  void enter_atTheStartStops_startSucceededBefore() {
    lab.entering((old, state) -> Step.stop(ExitReason.of("bye")))
        .saw("enter a a, terminate bye a d");
  }

  @Test
  void enter_throws_terminatesInTheOldState() {
    lab.entering(
        (old, state) -> {
          if (state.equals("b")) {
            throw new IllegalStateException("oops");
          }
          return Step.keepStateAndData();
        });
    var reply =
        lab.call(
            "c",
            (event, state) ->
                Step.nextState(
                    "b", "d2", StateAction.reply(((Event.Call<?>) event).from(), "got")));
    assertThat(reply).isCompletedWithValue("got");
    lab.saw("enter a a, call c a, enter a b, terminate oops a d");
  }

  @Test
  void enter_repliesToAnEarlierCall_callerHasIt() {
    List<From<?>> waiting = new ArrayList<>();
    lab.entering(
        (old, state) ->
            state.equals("b")
                ? Step.keepStateAndData(StateAction.reply(waiting.getFirst(), "fromenter"))
                : Step.keepStateAndData());
    var reply =
        lab.call(
            "c",
            (event, state) -> {
              waiting.add(((Event.Call<?>) event).from());
              return Step.nextState("b", "d");
            });
    assertThat(reply).isCompletedWithValue("fromenter");
  }

  @Test
  void init_withActions_enteredThenDone() {
    lab.init(InitResult.ok(Step.nextState("a", "d", stateTimeout(ms(10), ev("t")), internal("i"))))
        .noting()
        .cast("x")
        .pass(30)
        .saw("enter a a, internal i a, cast x a, state_timeout t a");
  }

  @Test
  void init_eventTimeoutOfZero_comesBeforeTheMailbox() {
    lab.init(
            InitResult.ok(
                Step.nextState("a", "d", StateAction.eventTimeout(Duration.ZERO, ev("t")))))
        .noting()
        .cast("x")
        .saw("enter a a, timeout t a, cast x a");
  }

  @Test
  void init_postpone_meansNothing() {
    lab.init(InitResult.ok(Step.nextState("a", "d", StateAction.postpone())))
        .noting()
        .cast("x", keep())
        .cast("go", next("b"))
        .saw("enter a a, cast x a, cast go a, enter a b");
  }
}

package dev.athanor.otp.statem;

import static dev.athanor.otp.statem.Lab.ev;
import static dev.athanor.otp.statem.Lab.keep;
import static dev.athanor.otp.statem.Lab.ms;
import static dev.athanor.otp.statem.Lab.next;
import static dev.athanor.otp.statem.Lab.postponeIn;
import static dev.athanor.otp.statem.StateAction.cancelTimeout;
import static dev.athanor.otp.statem.StateAction.eventTimeout;
import static dev.athanor.otp.statem.StateAction.stateTimeout;
import static dev.athanor.otp.statem.StateAction.timeout;
import static dev.athanor.otp.statem.StateAction.updateStateTimeout;
import static dev.athanor.otp.statem.StateAction.updateTimeout;

import org.junit.jupiter.api.Test;

class TimeoutsTest {
  private final Lab lab = new Lab();

  private static StateAction state(long millis, String label) {
    return stateTimeout(ms(millis), ev(label));
  }

  private static StateAction event(long millis, String label) {
    return eventTimeout(ms(millis), ev(label));
  }

  private static StateAction named(String name, long millis, String label) {
    return timeout(name, ms(millis), ev(label));
  }

  @Test
  void stateTimeout_passes_comesInTheState() {
    lab.cast("go", next("b", state(20, "t"))).pass(50).saw("cast go a, state_timeout t b");
  }

  @Test
  void stateTimeout_stateChanges_calledOff() {
    lab.cast("go", next("b", state(30, "t")))
        .cast("go2", next("c"))
        .pass(60)
        .saw("cast go a, cast go2 b");
  }

  @Test
  void stateTimeout_stepToTheSameState_runsOn() {
    lab.cast("go", next("b", state(30, "t")))
        .cast("go2", next("b"))
        .cast("go3")
        .pass(60)
        .saw("cast go a, cast go2 b, cast go3 b, state_timeout t b");
  }

  @Test
  void stateTimeout_stateRepeats_runsOn() {
    lab.cast("go", next("b", state(30, "t")))
        .cast("rep", (event, state) -> Step.repeatStateAndData())
        .pass(60)
        .saw("cast go a, cast rep b, state_timeout t b");
  }

  @Test
  void stateTimeout_againInTheSameState_startsAnew() {
    lab.cast("s", keep(state(30, "t1")))
        .pass(15)
        .cast("s2", next("a", state(30, "t2")))
        .pass(60)
        .saw("cast s a, cast s2 a, state_timeout t2 a");
  }

  @Test
  void stateTimeout_setWithTheChange_isForTheNewState() {
    lab.cast("s", keep(state(30, "old")))
        .cast("go", next("b", state(20, "new")))
        .pass(60)
        .saw("cast s a, cast go a, state_timeout new b");
  }

  @Test
  void eventTimeout_passes_comes() {
    lab.cast("go", keep(event(20, "t"))).pass(50).saw("cast go a, timeout t a");
  }

  @Test
  void eventTimeout_anyEvent_calledOff() {
    lab.cast("go", keep(event(30, "t"))).info("x").pass(60).saw("cast go a, info x a");
  }

  @Test
  void eventTimeout_otherTimeout_calledOff() {
    lab.cast("go", keep(event(40, "t"), named("n", 20, "g")))
        .pass(80)
        .saw("cast go a, timeout(n) g a");
  }

  @Test
  void eventTimeout_setByPostponedEvent_comes() {
    lab.cast(
            "p",
            (event, state) ->
                state.equals("a")
                    ? Step.keepStateAndData(StateAction.postpone(), event(20, "t"))
                    : Step.keepStateAndData())
        .pass(50)
        .cast("go", next("b"))
        .saw("cast p a, timeout t a, cast go a, cast p b");
  }

  @Test
  void eventTimeout_retriedEventFollows_calledOff() {
    lab.cast("p", postponeIn("a"))
        .cast("go", next("b", event(20, "t")))
        .pass(50)
        .saw("cast p a, cast go a, cast p b");
  }

  @Test
  void named_eventsAndStateChange_comesAllTheSame() {
    lab.cast("go", keep(named("n", 30, "g")))
        .cast("x")
        .cast("go2", next("b"))
        .pass(60)
        .saw("cast go a, cast x a, cast go2 a, timeout(n) g b");
  }

  @Test
  void named_two_areIndependent() {
    lab.cast("go", keep(named("n1", 40, "g1"), named("n2", 20, "g2")))
        .pass(80)
        .saw("cast go a, timeout(n2) g2 a, timeout(n1) g1 a");
  }

  @Test
  void named_again_startsAnew() {
    lab.cast("go", keep(named("n", 20, "g1")))
        .cast("go", keep(named("n", 40, "g2")))
        .pass(80)
        .saw("cast go a, cast go a, timeout(n) g2 a");
  }

  @Test
  void named_cancelled_doesNotCome() {
    lab.cast("go", keep(named("n", 20, "g")))
        .cast("c", keep(cancelTimeout("n")))
        .pass(50)
        .saw("cast go a, cast c a");
  }

  @Test
  void named_updated_comesAtItsTimeWithTheNewContent() {
    lab.cast("go", keep(named("n", 30, "g1")))
        .cast("u", keep(updateTimeout("n", ev("g2"))))
        .pass(29)
        .cast("x")
        .pass(1)
        .saw("cast go a, cast u a, cast x a, timeout(n) g2 a");
  }

  @Test
  void update_noneRuns_comesAtOnce() {
    lab.cast("u", keep(updateTimeout("n", ev("g2"))))
        .cast("x")
        .saw("cast u a, timeout(n) g2 a, cast x a");
  }

  @Test
  void updateStateTimeout_noneRuns_comesAtOnce() {
    lab.cast("u", keep(updateStateTimeout(ev("g2"))))
        .cast("x")
        .saw("cast u a, state_timeout g2 a, cast x a");
  }

  @Test
  void timeoutEvent_postponed_retried() {
    lab.cast("s", keep(stateTimeout(ms(10), ev("t", postponeIn("a")))))
        .pass(30)
        .cast("go", next("b"))
        .saw("cast s a, state_timeout t a, cast go a, state_timeout t b");
  }

  @Test
  void sameTimer_twiceInOneStep_lastCounts() {
    lab.cast("go", keep(state(0, "z1"), state(20, "z2")))
        .cast("x")
        .pass(40)
        .saw("cast go a, cast x a, state_timeout z2 a");
  }
}

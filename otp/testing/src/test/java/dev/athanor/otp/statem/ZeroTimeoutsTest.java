package dev.athanor.otp.statem;

import static dev.athanor.otp.statem.Lab.ev;
import static dev.athanor.otp.statem.Lab.internal;
import static dev.athanor.otp.statem.Lab.keep;
import static dev.athanor.otp.statem.Lab.ms;
import static dev.athanor.otp.statem.Lab.next;
import static dev.athanor.otp.statem.Lab.postponeIn;
import static dev.athanor.otp.statem.StateAction.cancelTimeout;
import static dev.athanor.otp.statem.StateAction.eventTimeout;
import static dev.athanor.otp.statem.StateAction.stateTimeout;
import static dev.athanor.otp.statem.StateAction.timeout;
import static dev.athanor.otp.statem.StateAction.updateTimeout;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ZeroTimeoutsTest {
  private final Lab lab = new Lab();

  private static StateAction state(String label) {
    return stateTimeout(Duration.ZERO, ev(label));
  }

  private static StateAction event(String label) {
    return eventTimeout(Duration.ZERO, ev(label));
  }

  private static StateAction named(String name, String label) {
    return timeout(name, Duration.ZERO, ev(label));
  }

  @Test
  void state_zero_beforeTheMailbox() {
    lab.cast("go", keep(state("z"))).cast("x").saw("cast go a, state_timeout z a, cast x a");
  }

  @Test
  void state_zeroWithInserted_afterThem() {
    lab.cast("go", keep(state("z"), internal("i1")))
        .cast("x")
        .saw("cast go a, internal i1 a, state_timeout z a, cast x a");
  }

  @Test
  void state_zeroWithRetried_afterThem() {
    lab.cast("p1", postponeIn("a"))
        .cast("go", next("b", state("z")))
        .cast("x")
        .saw("cast p1 a, cast go a, cast p1 b, state_timeout z b, cast x b");
  }

  @Test
  void state_zeroAndInsertedChangesTheState_calledOff() {
    lab.cast("go", keep(state("z"), internal("i1", next("b"))))
        .cast("x")
        .saw("cast go a, internal i1 a, cast x b");
  }

  @Test
  void event_zeroAlone_comes() {
    lab.cast("go", keep(event("z"))).cast("x").saw("cast go a, timeout z a, cast x a");
  }

  @Test
  void event_zeroWithInserted_calledOff() {
    lab.cast("go", keep(event("z"), internal("i1")))
        .cast("x")
        .saw("cast go a, internal i1 a, cast x a");
  }

  @Test
  void event_zeroWithRetried_calledOff() {
    lab.cast("p1", postponeIn("a"))
        .cast("go", next("b", event("z")))
        .cast("x")
        .saw("cast p1 a, cast go a, cast p1 b, cast x b");
  }

  @Test
  void named_zeroInserts_insertedBeforeTheNextZero() {
    lab.cast(
            "go",
            keep(
                timeout("n", Duration.ZERO, ev("z", keep(internal("i2")))),
                named("m", "y"),
                internal("i1")))
        .cast("x")
        .saw(
            "cast go a, internal i1 a, timeout(n) z a, internal i2 a, timeout(m) y a,"
                + " cast x a");
  }

  @Test
  void zeros_several_inTheOrderOfTheActions() {
    lab.cast("go", keep(named("n", "zn"), state("zs"), named("m", "zm")))
        .cast("x")
        .saw("cast go a, timeout(n) zn a, state_timeout zs a, timeout(m) zm a, cast x a");
  }

  @Test
  void zeros_sameAgain_takesTheLaterPlace() {
    lab.cast("go", keep(named("n", "n1"), named("m", "m1"), named("n", "n2")))
        .cast("x")
        .saw("cast go a, timeout(m) m1 a, timeout(n) n2 a, cast x a");
  }

  @Test
  void event_zeroThenNamedZero_bothCome() {
    lab.cast("go", keep(event("ze"), named("n", "zn")))
        .cast("x")
        .saw("cast go a, timeout ze a, timeout(n) zn a, cast x a");
  }

  @Test
  void event_namedZeroBefore_calledOff() {
    lab.cast("go", keep(named("n", "zn"), event("ze")))
        .cast("x")
        .saw("cast go a, timeout(n) zn a, cast x a");
  }

  @Test
  void named_zeroCancelledByInserted_doesNotCome() {
    lab.cast("go", keep(named("n", "zn"), internal("i1", keep(cancelTimeout("n")))))
        .cast("x")
        .saw("cast go a, internal i1 a, cast x a");
  }

  @Test
  void named_zeroStartedAnewByInserted_comesLater() {
    lab.cast("go", keep(named("n", "zn"), internal("i1", keep(timeout("n", ms(20), ev("later"))))))
        .cast("x")
        .pass(40)
        .saw("cast go a, internal i1 a, cast x a, timeout(n) later a");
  }

  @Test
  void named_zeroUpdatedByInserted_comesWithTheNewContent() {
    lab.cast("go", keep(named("n", "zn"), internal("i1", keep(updateTimeout("n", ev("upd"))))))
        .cast("x")
        .saw("cast go a, internal i1 a, timeout(n) upd a, cast x a");
  }

  @Test
  void zero_addedWhileAnotherWaits_comesAfterIt() {
    lab.cast(
            "go",
            keep(timeout("n", Duration.ZERO, ev("zn", keep(named("o", "zo")))), named("m", "zm")))
        .cast("x")
        .saw("cast go a, timeout(n) zn a, timeout(m) zm a, timeout(o) zo a, cast x a");
  }
}

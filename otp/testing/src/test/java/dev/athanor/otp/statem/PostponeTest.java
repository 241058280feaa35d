package dev.athanor.otp.statem;

import static dev.athanor.otp.statem.Lab.ev;
import static dev.athanor.otp.statem.Lab.in;
import static dev.athanor.otp.statem.Lab.internal;
import static dev.athanor.otp.statem.Lab.keep;
import static dev.athanor.otp.statem.Lab.next;
import static dev.athanor.otp.statem.Lab.postponeIn;
import static dev.athanor.otp.statem.StateAction.nextEvent;
import static dev.athanor.otp.statem.StateAction.postpone;

import org.junit.jupiter.api.Test;

class PostponeTest {
  private final Lab lab = new Lab();

  @Test
  void postpone_untilTheStateChanges_retriedInOrderBeforeOthers() {
    lab.cast("p1", postponeIn("a"))
        .cast("p2", postponeIn("a"))
        .cast("go", next("b"))
        .cast("x")
        .saw("cast p1 a, cast p2 a, cast go a, cast p1 b, cast p2 b, cast x b");
  }

  @Test
  void postpone_stepToTheSameState_staysPostponed() {
    lab.cast("p1", postponeIn("a"))
        .cast("go", next("a"))
        .cast("x")
        .cast("go2", next("b"))
        .saw("cast p1 a, cast go a, cast x a, cast go2 a, cast p1 b");
  }

  @Test
  void postpone_again_keepsTheOrder() {
    Lab.Reaction notBeforeC = (event, state) -> unless("c").on(event, state);
    lab.cast("p1", notBeforeC)
        .cast("p2", notBeforeC)
        .cast("go", next("b"))
        .cast("go", next("c"))
        .saw(
            "cast p1 a, cast p2 a, cast go a, cast p1 b, cast p2 b, cast go b, cast p1 c,"
                + " cast p2 c");
  }

  @Test
  void retried_changesTheState_othersSeeTheNewState() {
    Lab.Reaction first =
        (event, state) ->
            (state.equals("a") ? keep(postpone()) : in("b", next("c"))).on(event, state);
    lab.cast("p1", first)
        .cast("p2", unless("c"))
        .cast("p3", postponeIn("a"))
        .cast("go", next("b"))
        .cast("x")
        .saw(
            "cast p1 a, cast p2 a, cast p3 a, cast go a, cast p1 b, cast p2 c, cast p3 c,"
                + " cast x c");
  }

  @Test
  void retried_postponesAndChangesTheState_comesFirstAgain() {
    Lab.Reaction first =
        (event, state) ->
            (state.equals("a") ? keep(postpone()) : in("b", next("c", postpone())))
                .on(event, state);
    lab.cast("p1", first)
        .cast("p2", postponeIn("a"))
        .cast("go", next("b"))
        .saw("cast p1 a, cast p2 a, cast go a, cast p1 b, cast p1 c, cast p2 c");
  }

  @Test
  void insert_several_handledInOrderBeforeTheMailbox() {
    lab.cast("go", keep(internal("i1"), internal("i2")))
        .cast("x")
        .saw("cast go a, internal i1 a, internal i2 a, cast x a");
  }

  @Test
  void insert_withRetried_insertedComeFirst() {
    lab.cast("p1", postponeIn("a"))
        .cast("go", next("b", internal("i1"), nextEvent(new Event.Cast<>(ev("i2")))))
        .cast("x")
        .saw("cast p1 a, cast go a, internal i1 b, cast i2 b, cast p1 b, cast x b");
  }

  @Test
  void insert_byInserted_comesBeforeTheRest() {
    lab.cast("go", keep(internal("i1", keep(internal("j1"), internal("j2"))), internal("i2")))
        .cast("x")
        .saw("cast go a, internal i1 a, internal j1 a, internal j2 a, internal i2 a, cast x a");
  }

  @Test
  void insert_postponed_retried() {
    lab.cast("go", keep(internal("i1", postponeIn("a"))))
        .cast("go2", next("b"))
        .saw("cast go a, internal i1 a, cast go2 a, internal i1 b");
  }

  @Test
  void postpone_withInsertAndStateChange_insertedThenItself() {
    lab.cast("p", in("a", next("b", postpone(), internal("i"))))
        .cast("x")
        .saw("cast p a, internal i b, cast p b, cast x b");
  }

  @Test
  void postpone_takenBackInTheSameStep_isNotPostponed() {
    lab.cast("p", in("a", keep(postpone(), new StateAction.Postpone(false))))
        .cast("go", next("b"))
        .saw("cast p a, cast go a");
  }

  @Test
  void insert_timeoutByHand_comesAsOne() {
    lab.cast("c", keep(nextEvent(new Event.StateTimeout<>(ev("fake")))))
        .saw("cast c a, state_timeout fake a");
  }

  private static Lab.Reaction unless(String where) {
    return (event, state) ->
        state.equals(where) ? Step.keepStateAndData() : Step.keepStateAndData(postpone());
  }
}

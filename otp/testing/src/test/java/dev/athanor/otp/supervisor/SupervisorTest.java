package dev.athanor.otp.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.StartResult;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SupervisorTest {
  private static final ExitReason BOOM = ExitReason.of("boom");

  private final World world = new World();

  private Pid<Supervisor.Command> abc(Strategy strategy) {
    return world.supervise(
        SupervisorSpec.of(strategy, world.child("a"), world.child("b"), world.child("c")));
  }

  @Test
  void oneForOne_childCrashes_restartsItAloneAndStopsInReverse() {
    Pid<?> supervisor = abc(Strategy.ONE_FOR_ONE);
    world.end("b", BOOM);
    assertThat(world.diary).containsExactly("up a", "up b", "up c", "down b boom", "up b");
    assertThat(world.diaryOf(() -> world.stop(supervisor)))
        .containsExactly("down c shutdown", "down b shutdown", "down a shutdown");
  }

  @Test
  void oneForAll_childCrashes_stopsOthersInReverseAndStartsAllInOrder() {
    Pid<?> supervisor = abc(Strategy.ONE_FOR_ALL);
    world.end("b", BOOM);
    assertThat(world.diary)
        .containsExactly(
            "up a",
            "up b",
            "up c",
            "down b boom",
            "down c shutdown",
            "down a shutdown",
            "up a",
            "up b",
            "up c");
    assertThat(world.diaryOf(() -> world.stop(supervisor)))
        .containsExactly("down c shutdown", "down b shutdown", "down a shutdown");
  }

  @Test
  void restForOne_childCrashes_renewsItAndThoseAfterIt() {
    Pid<?> supervisor = abc(Strategy.REST_FOR_ONE);
    world.end("b", BOOM);
    assertThat(world.diary)
        .containsExactly("up a", "up b", "up c", "down b boom", "down c shutdown", "up b", "up c");
    assertThat(world.diaryOf(() -> world.stop(supervisor)))
        .containsExactly("down c shutdown", "down b shutdown", "down a shutdown");
  }

  static Stream<Arguments> endings() {
    ExitReason detail = ExitReason.shutdown("x");
    return Stream.of(
        Arguments.of(Restart.PERMANENT, ExitReason.NORMAL, true),
        Arguments.of(Restart.PERMANENT, ExitReason.SHUTDOWN, true),
        Arguments.of(Restart.PERMANENT, detail, true),
        Arguments.of(Restart.PERMANENT, BOOM, true),
        Arguments.of(Restart.TRANSIENT, ExitReason.NORMAL, false),
        Arguments.of(Restart.TRANSIENT, ExitReason.SHUTDOWN, false),
        Arguments.of(Restart.TRANSIENT, detail, false),
        Arguments.of(Restart.TRANSIENT, BOOM, true),
        Arguments.of(Restart.TEMPORARY, ExitReason.NORMAL, false),
        Arguments.of(Restart.TEMPORARY, ExitReason.SHUTDOWN, false),
        Arguments.of(Restart.TEMPORARY, detail, false),
        Arguments.of(Restart.TEMPORARY, BOOM, false));
  }

  @ParameterizedTest
  @MethodSource("endings")
  void restartType_childEnds_restartsAsOtpDoes(Restart type, ExitReason reason, boolean again) {
    world.supervise(SupervisorSpec.of(Strategy.ONE_FOR_ONE, world.child("a").restart(type)));
    world.end("a", reason);
    assertThat(world.diary)
        .isEqualTo(
            again
                ? List.of("up a", "down a " + reason, "up a")
                : List.of("up a", "down a " + reason));
  }

  @Test
  void start_childFails_rollsBackAndReportsWhich() {
    World.Parent parent = new World.Parent();
    ChildSpec bad =
        ChildSpec.<World.Ask, String>server(
            "c",
            () ->
                self -> {
                  world.diary.add("bad");
                  return InitResult.stop(ExitReason.of("nope"));
                });
    Pid<SupervisorSpec> pid = world.node.spawn(parent);
    pid.send(SupervisorSpec.of(Strategy.ONE_FOR_ONE, world.child("a"), world.child("b"), bad));
    world.scheduler.runUntilIdle();
    assertThat(parent.result)
        .isEqualTo(
            new StartResult.Failed<>(
                ExitReason.shutdown(new FailedToStart("c", ExitReason.of("nope")))));
    assertThat(world.diary)
        .containsExactly("up a", "up b", "bad", "down b shutdown", "down a shutdown");
    assertThat(parent.signals).isEmpty();
  }

  @Test
  void intensity_exceeded_supervisorEndsWithShutdown() {
    World.Parent parent = new World.Parent();
    Pid<SupervisorSpec> pid = world.node.spawn(parent);
    pid.send(
        SupervisorSpec.of(Strategy.ONE_FOR_ONE, world.child("a"))
            .intensity(1, Duration.ofSeconds(5)));
    world.scheduler.runUntilIdle();
    Pid<?> supervisor = parent.result.orThrow();
    world.end("a", BOOM);
    world.end("a", BOOM);
    assertThat(world.diary).containsExactly("up a", "down a boom", "up a", "down a boom");
    assertThat(parent.signals).containsExactly(new Signal.Exit(supervisor, ExitReason.SHUTDOWN));
  }

  @Test
  void intensity_restartsFarApart_goesOn() {
    world.supervise(
        SupervisorSpec.of(Strategy.ONE_FOR_ONE, world.child("a"))
            .intensity(1, Duration.ofSeconds(5)));
    for (int i = 0; i < 10; i++) {
      world.end("a", BOOM);
      world.scheduler.advance(Duration.ofSeconds(6));
    }
    assertThat(world.diary).hasSize(21).endsWith("down a boom", "up a");
  }

  @Test
  void whichChildren_threeStarted_lastFirst() {
    Pid<Supervisor.Command> supervisor = abc(Strategy.ONE_FOR_ONE);
    assertThat(world.scheduler.await(Supervisor.whichChildren(supervisor)))
        .extracting(ChildInfo::id)
        .containsExactly("c", "b", "a");
    assertThat(world.scheduler.await(Supervisor.countChildren(supervisor)))
        .isEqualTo(new ChildCount(3, 3, 0, 3));
  }

  @Test
  void terminateChild_running_keepsSpecForRestartOrDelete() {
    Pid<Supervisor.Command> supervisor = abc(Strategy.ONE_FOR_ONE);
    var scheduler = world.scheduler;
    assertThat(scheduler.await(Supervisor.terminateChild(supervisor, "b")))
        .isEqualTo(ChildAnswer.OK);
    assertThat(scheduler.await(Supervisor.whichChildren(supervisor)))
        .extracting(ChildInfo::id, info -> info.pid() != null)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("c", true),
            org.assertj.core.groups.Tuple.tuple("b", false),
            org.assertj.core.groups.Tuple.tuple("a", true));
    assertThat(scheduler.await(Supervisor.restartChild(supervisor, "a")))
        .isEqualTo(new StartResult.Failed<>(ExitReason.of(ChildAnswer.RUNNING)));
    assertThat(scheduler.await(Supervisor.restartChild(supervisor, "b")))
        .isInstanceOf(StartResult.Started.class);
    assertThat(scheduler.await(Supervisor.deleteChild(supervisor, "b")))
        .isEqualTo(ChildAnswer.RUNNING);
    assertThat(scheduler.await(Supervisor.deleteChild(supervisor, "zz")))
        .isEqualTo(ChildAnswer.NOT_FOUND);
    assertThat(scheduler.await(Supervisor.terminateChild(supervisor, "zz")))
        .isEqualTo(ChildAnswer.NOT_FOUND);
  }

  @Test
  void startChild_idRunning_alreadyStarted() {
    Pid<Supervisor.Command> supervisor = abc(Strategy.ONE_FOR_ONE);
    assertThat(world.scheduler.await(Supervisor.startChild(supervisor, world.child("a"))))
        .isEqualTo(new StartResult.AlreadyStarted<>(world.named("a")));
  }

  @Test
  void autoShutdown_anySignificantEnds_supervisorShutsDown() {
    World.Parent parent = new World.Parent();
    Pid<SupervisorSpec> pid = world.node.spawn(parent);
    pid.send(
        SupervisorSpec.of(Strategy.ONE_FOR_ONE)
            .autoShutdown(
                AutoShutdown.ANY_SIGNIFICANT,
                world.child("a").restart(Restart.TRANSIENT).significant(true),
                world.child("b")));
    world.scheduler.runUntilIdle();
    world.end("a", ExitReason.NORMAL);
    assertThat(world.diary).containsExactly("up a", "up b", "down a normal", "down b shutdown");
    assertThat(parent.signals)
        .containsExactly(new Signal.Exit(parent.result.orThrow(), ExitReason.SHUTDOWN));
  }

  @Test
  void spec_significantWithoutAutoShutdown_refused() {
    ChildSpec child = world.child("a").restart(Restart.TRANSIENT).significant(true);
    assertThatThrownBy(() -> SupervisorSpec.of(Strategy.ONE_FOR_ONE, child))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("significant");
  }

  @Test
  void nested_innerGivesUp_outerRestartsIt() {
    SupervisorSpec inner =
        SupervisorSpec.of(Strategy.ONE_FOR_ONE, world.child("a"))
            .intensity(0, Duration.ofSeconds(5));
    world.supervise(SupervisorSpec.of(Strategy.ONE_FOR_ONE, ChildSpec.supervisor("inner", inner)));
    world.end("a", BOOM);
    assertThat(world.diary).containsExactly("up a", "down a boom", "up a");
    assertThat(world.node.processCount()).isEqualTo(3);
  }

  @Test
  void autoShutdown_allSignificant_onlyWhenTheLastOfThemEnded() {
    World.Parent parent = new World.Parent();
    Pid<SupervisorSpec> pid = world.node.spawn(parent);
    pid.send(
        SupervisorSpec.of(Strategy.ONE_FOR_ONE)
            .autoShutdown(
                AutoShutdown.ALL_SIGNIFICANT,
                world.child("a").restart(Restart.TRANSIENT).significant(true),
                world.child("b").restart(Restart.TEMPORARY).significant(true),
                world.child("c")));
    world.scheduler.runUntilIdle();
    world.end("a", ExitReason.NORMAL);
    assertThat(parent.signals).isEmpty();
    world.end("b", BOOM);
    assertThat(world.diary).endsWith("down a normal", "down b boom", "down c shutdown");
    assertThat(parent.signals)
        .containsExactly(new Signal.Exit(parent.result.orThrow(), ExitReason.SHUTDOWN));
  }

  @Test
  void autoShutdown_significantChildTerminatedByHand_goesOn() {
    Pid<Supervisor.Command> supervisor =
        world.supervise(
            SupervisorSpec.of(Strategy.ONE_FOR_ONE)
                .autoShutdown(
                    AutoShutdown.ANY_SIGNIFICANT,
                    world.child("a").restart(Restart.TRANSIENT).significant(true),
                    world.child("b")));
    assertThat(world.scheduler.await(Supervisor.terminateChild(supervisor, "a")))
        .isEqualTo(ChildAnswer.OK);
    world.scheduler.runUntilIdle();
    assertThat(supervisor.isAlive()).isTrue();
  }

  @Test
  void startChild_significantUnderNever_failsWithTheReason() {
    Pid<Supervisor.Command> supervisor = abc(Strategy.ONE_FOR_ONE);
    ChildSpec child = world.child("d").restart(Restart.TRANSIENT).significant(true);
    assertThat(world.scheduler.await(Supervisor.startChild(supervisor, child)))
        .isInstanceOfSatisfying(
            StartResult.Failed.class,
            failed -> assertThat(failed.reason().toString()).contains("autoShutdown"));
    assertThat(world.scheduler.await(Supervisor.countChildren(supervisor)).specs()).isEqualTo(3);
  }

  @Test
  void spec_cannotWork_refusedWithWhatToDo() {
    assertThatThrownBy(
            () -> SupervisorSpec.of(Strategy.ONE_FOR_ONE, world.child("a"), world.child("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a'")
        .hasMessageContaining("must differ");
    assertThatThrownBy(() -> world.child("a").significant(true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("transient or temporary");
    assertThatThrownBy(
            () -> SupervisorSpec.of(Strategy.ONE_FOR_ONE).intensity(-1, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 or more");
    assertThatThrownBy(() -> SupervisorSpec.of(Strategy.ONE_FOR_ONE).intensity(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("above zero");
  }

  @Test
  void child_knownUnknownAndStopped_pidOrAnErrorThatHelps() {
    Pid<Supervisor.Command> supervisor =
        world.supervise(SupervisorSpec.of(Strategy.ONE_FOR_ONE, world.child("counter")));
    var scheduler = world.scheduler;
    assertThat(scheduler.<Pid<?>>await(Supervisor.child(supervisor, "counter")))
        .isEqualTo(world.named("counter"));
    assertThat(scheduler.await(Supervisor.childSpec(supervisor, "counter")).id())
        .isEqualTo("counter");
    assertThatThrownBy(() -> scheduler.<Pid<?>>await(Supervisor.child(supervisor, "cuonter")))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining("did you mean 'counter'?");
    scheduler.await(Supervisor.terminateChild(supervisor, "counter"));
    assertThatThrownBy(() -> scheduler.<Pid<?>>await(Supervisor.child(supervisor, "counter")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("does not run");
  }

  @Test
  void restart_startFailsAgainAndAgain_everyAttemptCountsUntilItGivesUp() {
    boolean[] broken = {false};
    ChildSpec child =
        ChildSpec.server(
            "a",
            () -> {
              if (broken[0]) {
                throw new IllegalStateException("no start");
              }
              return world.worker("a");
            },
            dev.athanor.otp.server.ServerOptions.named("a"));
    Pid<Supervisor.Command> supervisor =
        world.supervise(
            SupervisorSpec.of(Strategy.ONE_FOR_ONE, child).intensity(2, Duration.ofSeconds(5)));
    var end = world.node.exited(supervisor);
    broken[0] = true;
    world.end("a", BOOM);
    assertThat(world.scheduler.await(end)).isEqualTo(ExitReason.SHUTDOWN);
    assertThat(world.diary).containsExactly("up a", "down a boom");
  }

  @Test
  void start_functionReturnsNull_failsAndSaysSo() {
    var started =
        Supervisor.start(
            world.node, SupervisorSpec.of(Strategy.ONE_FOR_ONE, ChildSpec.of("n", parent -> null)));
    assertThat(world.scheduler.await(started))
        .isInstanceOfSatisfying(
            StartResult.Failed.class,
            failed -> assertThat(failed.reason().toString()).contains("'n' returned null"));
  }
}

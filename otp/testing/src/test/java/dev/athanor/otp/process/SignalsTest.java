package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.Scripted.Act;
import dev.athanor.otp.telemetry.Event;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignalsTest {
  private static final ExitReason BOOM = ExitReason.of("boom");

  private final DeterministicScheduler scheduler = new DeterministicScheduler(7);
  private final Node node = Node.on(scheduler);
  private final Scripted a = new Scripted();
  private final Scripted b = new Scripted();
  private final Pid<Act> pidA = node.spawn(a);
  private final Pid<Act> pidB = node.spawn(b);

  private void tell(Pid<Act> pid, Act act) {
    pid.send(act);
    scheduler.runUntilIdle();
  }

  private static ExitReason reason(String name) {
    return switch (name) {
      case "normal" -> ExitReason.NORMAL;
      case "kill" -> ExitReason.KILL;
      case "killed" -> ExitReason.KILLED;
      default -> ExitReason.of(name);
    };
  }

  /// The table of erlang:exit/2: reason, trapping, then how the receiver ends or what it sees.
  @ParameterizedTest
  @CsvSource({
    "normal, false, alive",
    "normal, true, message normal",
    "kill, false, killed",
    "kill, true, killed",
    "boom, false, boom",
    "boom, true, message boom"
  })
  void exit2_everyReason_actsAsInOtp(String reason, boolean trap, String expected) {
    tell(pidB, self -> self.trapExit(trap));
    var ended = node.exited(pidB).toCompletableFuture();
    tell(pidA, self -> self.exit(pidB, reason(reason)));
    assertOutcome(expected, ended);
  }

  /// The table of links: the reason the other ended with, trapping, then the outcome.
  @ParameterizedTest
  @CsvSource({
    "normal, false, alive",
    "normal, true, message normal",
    "kill, false, kill",
    "kill, true, message kill",
    "boom, false, boom",
    "boom, true, message boom"
  })
  void link_otherEnds_actsAsInOtp(String reason, boolean trap, String expected) {
    tell(
        pidB,
        self -> {
          self.trapExit(trap);
          self.link(pidA);
        });
    var ended = node.exited(pidB).toCompletableFuture();
    tell(pidA, self -> self.exit(reason(reason)));
    assertOutcome(expected, ended);
  }

  private void assertOutcome(String expected, CompletableFuture<ExitReason> ended) {
    if (expected.equals("alive")) {
      assertThat(pidB.isAlive()).isTrue();
      assertThat(b.seen).isEmpty();
    } else if (expected.startsWith("message ")) {
      assertThat(b.seen).containsExactly(new Signal.Exit(pidA, reason(expected.substring(8))));
    } else {
      assertThat(ended).isCompletedWithValue(reason(expected));
    }
  }

  @Test
  void exit2_normalToOneself_ends() {
    tell(pidA, self -> self.exit(self.pid(), ExitReason.NORMAL));
    assertThat(pidA.isAlive()).isFalse();
  }

  @Test
  void kill_overALink_reachesTheOtherAsKilled() {
    tell(
        pidB,
        self -> {
          self.trapExit(true);
          self.link(pidA);
        });
    node.exit(pidA, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(b.seen).containsExactly(new Signal.Exit(pidA, ExitReason.KILLED));
    assertThat(a.seen).as("no callback after a kill").isEmpty();
  }

  @Test
  void link_toTheDead_noproc() {
    tell(pidA, self -> self.exit(ExitReason.NORMAL));
    tell(
        pidB,
        self -> {
          self.trapExit(true);
          self.link(pidA);
        });
    assertThat(b.seen).containsExactly(new Signal.Exit(pidA, ExitReason.NO_PROCESS));
    Pid<Act> untrapped = node.spawn(new Scripted());
    var ended = node.exited(untrapped).toCompletableFuture();
    tell(untrapped, self -> self.link(pidA));
    assertThat(ended).isCompletedWithValue(ExitReason.NO_PROCESS);
  }

  @Test
  void unlink_beforeTheOtherEnds_nothingComes() {
    tell(
        pidB,
        self -> {
          self.trapExit(true);
          self.link(pidA);
          self.unlink(pidA);
        });
    tell(pidA, self -> self.exit(BOOM));
    assertThat(b.seen).isEmpty();
  }

  @Test
  void unlink_crossingALink_leavesBothSidesAlike() {
    for (int seed = 0; seed < 500; seed++) {
      DeterministicScheduler world = new DeterministicScheduler(seed);
      Node its = Node.on(world);
      Pid<Act> left = its.spawn(new Scripted());
      Pid<Act> right = its.spawn(new Scripted());
      left.send(self -> self.link(right));
      right.send(self -> self.link(left));
      right.send(self -> self.unlink(left));
      left.send(self -> self.link(right));
      left.send(self -> self.unlink(right));
      right.send(self -> self.link(left));
      world.runUntilIdle();
      assertThat(its.info(left).links()).as("seed " + seed).isEqualTo(its.info(right).links());
    }
  }

  @Test
  void monitor_twice_twoDownsAndDemonitorFlushDropsOne() {
    tell(
        pidB,
        self -> {
          self.monitor(pidA);
          self.monitor(pidA);
        });
    tell(pidA, self -> self.exit(BOOM));
    assertThat(b.seen)
        .hasSize(2)
        .allSatisfy(signal -> assertThat(((Signal.Down) signal).reason()).isEqualTo(BOOM));
  }

  @Test
  void monitor_ofTheDead_downNoproc() {
    tell(pidA, self -> self.exit(ExitReason.NORMAL));
    tell(pidB, self -> self.monitor(pidA));
    assertThat(b.seen)
        .singleElement()
        .satisfies(
            signal -> assertThat(((Signal.Down) signal).reason()).isEqualTo(ExitReason.NO_PROCESS));
  }

  @Test
  void monitor_ofOneself_watchesNothing() {
    List<Object> open = new ArrayList<>();
    tell(pidA, self -> open.add(self.demonitor(self.monitor(self.pid()), false)));
    assertThat(open).containsExactly(false);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void demonitor_aDownWaitsAlready_flushDropsItAndOtherwiseItComes(boolean flush) {
    Set<Boolean> openSeen = new HashSet<>();
    for (long seed = 1; seed <= 20; seed++) {
      DeterministicScheduler own = new DeterministicScheduler(seed);
      Node here = Node.on(own);
      Scripted watcher = new Scripted();
      Pid<Act> watched = here.spawn(new Scripted());
      Pid<Act> watching = here.spawn(watcher);
      AtomicReference<MonitorRef> ref = new AtomicReference<>();
      watching.send(self -> ref.set(self.monitor(watched)));
      own.runUntilIdle();
      AtomicReference<Boolean> open = new AtomicReference<>();
      watching.send(self -> open.set(self.demonitor(ref.get(), flush)));
      here.exit(watched, ExitReason.KILL);
      own.runUntilIdle();
      openSeen.add(open.get());
      assertThat(watcher.seen)
          .as("monitor open %s, seed %s", open, seed)
          .hasSize(open.get() || flush ? 0 : 1);
    }
    assertThat(openSeen).as("both orders were tried").containsExactlyInAnyOrder(true, false);
  }

  @Test
  void down_arrives_afterNameAndPropertyAreGone() {
    List<Object> found = new ArrayList<>();
    tell(
        pidA,
        self -> {
          self.register("a");
          self.node().own(self.pid(), (owner, reason) -> found.add("released"));
        });
    Pid<Act> watcher =
        node.spawn(
            new Behavior<>() {
              @Override
              public void onMessage(Self<Act> self, Act act) throws Exception {
                act.perform(self);
              }

              @Override
              public void onSignal(Self<Act> self, Signal signal) {
                found.add(String.valueOf(node.whereis("a")));
              }
            });
    tell(watcher, self -> self.monitor(pidA));
    tell(pidA, self -> self.exit(BOOM));
    assertThat(found).containsExactly("released", "null");
  }

  @Test
  void exitSignal_mailboxFull_overtakesMessages() {
    List<Integer> handled = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int n = i;
      pidA.send(self -> handled.add(n));
    }
    node.exit(pidA, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(handled).isEmpty();
  }

  @Test
  void send_toTheDead_emitsADeadLetter() {
    List<Event> events = new ArrayList<>();
    node.telemetry().attach("test", "athanor.process.dead_letter", events::add);
    tell(pidA, self -> self.exit(ExitReason.NORMAL));
    pidA.send(self -> {});
    assertThat(events).hasSize(1);
  }

  @Test
  void callback_throws_linksGetCrashedAndTelemetryTells() {
    List<Event> events = new ArrayList<>();
    node.telemetry().attach("test", "athanor.process.crashed", events::add);
    tell(
        pidB,
        self -> {
          self.trapExit(true);
          self.link(pidA);
        });
    IllegalStateException oops = new IllegalStateException("oops");
    tell(
        pidA,
        self -> {
          throw oops;
        });
    assertThat(b.seen).containsExactly(new Signal.Exit(pidA, new ExitReason.Crashed(oops)));
    assertThat(events).hasSize(1);
  }

  @Test
  void register_takenName_refusedWithHolder() {
    tell(pidA, self -> self.register("one"));
    assertThatThrownBy(() -> node.register("one", pidB))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(pidA.toString());
    assertThat(node.info(pidA).names()).containsExactly("one");
  }

  @Test
  void self_usedFromOutside_refused() {
    AtomicReference<Self<Act>> leaked = new AtomicReference<>();
    tell(pidA, leaked::set);
    assertThatThrownBy(() -> leaked.get().trapExit(true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("outside its own callbacks");
  }

  @Test
  void timers_virtualTime_fireInOrderAndCanBeCancelled() {
    List<String> fired = new ArrayList<>();
    tell(
        pidA,
        self -> {
          self.sendAfter(Duration.ofSeconds(2), self.pid(), ignored -> fired.add("two"));
          self.sendAfter(Duration.ofSeconds(1), self.pid(), ignored -> fired.add("one"));
          TimerRef never =
              self.sendAfter(Duration.ofSeconds(1), self.pid(), ignored -> fired.add("never"));
          assertThat(self.cancel(never)).isTrue();
          assertThat(self.cancel(never)).isFalse();
          self.sendInterval(Duration.ofSeconds(3), self.pid(), ignored -> fired.add("tick"));
        });
    scheduler.advance(Duration.ofSeconds(9));
    assertThat(fired).containsExactly("one", "two", "tick", "tick", "tick");
    tell(pidA, self -> self.exit(ExitReason.NORMAL));
    scheduler.advance(Duration.ofSeconds(9));
    assertThat(fired).hasSize(5);
  }

  @Test
  void await_stageCompletesElsewhere_continuesAsATurnOfTheProcess() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    List<Object> got = new ArrayList<>();
    tell(
        pidA,
        self ->
            self.await(
                stage,
                (value, failure) -> {
                  got.add(value);
                  got.add(Node.current());
                }));
    stage.complete("value");
    assertThat(got).isEmpty();
    scheduler.runUntilIdle();
    assertThat(got).containsExactly("value", pidA);
  }

  @Test
  void spawnLink_childCrashes_parentFollows() {
    var ended = node.exited(pidA).toCompletableFuture();
    tell(pidA, self -> self.<Act>spawnLink(new Scripted()).send(child -> child.exit(BOOM)));
    assertThat(ended).isCompletedWithValue(BOOM);
    assertThat(node.processCount()).isEqualTo(1);
  }

  @Test
  void close_always_killsEverybodyAndRefusesNewOnes() {
    node.close();
    scheduler.runUntilIdle();
    assertThat(node.processCount()).isZero();
    assertThatThrownBy(() -> node.spawn(new Scripted())).isInstanceOf(IllegalStateException.class);
  }
}

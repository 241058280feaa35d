package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.SpawnOptions.Overflow;
import dev.athanor.otp.telemetry.Event;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MailboxTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(1);
  private final Node node = Node.on(scheduler);
  private final List<Object> handled = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();

  /// Keeps what it is sent, and does it when it is an act.
  private final class Keeper implements Behavior<Object> {
    @Override
    public void onMessage(Self<Object> self, Object message) throws Exception {
      handled.add(message);
      if (message instanceof Scripted.Act act) {
        @SuppressWarnings("unchecked")
        Self<Scripted.Act> its = (Self<Scripted.Act>) (Self<?>) self;
        act.perform(its);
      }
    }

    @Override
    public void onSignal(Self<Object> self, Signal signal) {
      handled.add(signal);
    }
  }

  private Pid<Object> bounded(int limit, Overflow overflow) {
    Pid<Object> pid = node.spawn(new Keeper(), SpawnOptions.DEFAULT.mailbox(limit, overflow));
    scheduler.runUntilIdle();
    return pid;
  }

  @Test
  void trySend_rejecting_saysSentThenRejectedThenSentAgain() {
    Pid<Object> pid = bounded(2, Overflow.REJECT);
    assertThat(List.of(pid.trySend("a"), pid.trySend("b"), pid.trySend("c")))
        .containsExactly(Pid.Outcome.SENT, Pid.Outcome.SENT, Pid.Outcome.REJECTED);
    scheduler.runUntilIdle();
    assertThat(pid.trySend("d")).isEqualTo(Pid.Outcome.SENT);
    scheduler.runUntilIdle();
    assertThat(handled).containsExactly("a", "b", "d");
  }

  @Test
  void send_dropNewest_keepsTheFirst() {
    Pid<Object> pid = bounded(3, Overflow.DROP_NEWEST);
    IntStream.range(0, 10).forEach(pid::send);
    assertThat(pid.trySend(10)).isEqualTo(Pid.Outcome.DROPPED);
    scheduler.runUntilIdle();
    assertThat(handled).containsExactly(0, 1, 2);
  }

  @Test
  void send_dropOldest_keepsTheLastInOrder() {
    Pid<Object> pid = bounded(3, Overflow.DROP_OLDEST);
    IntStream.range(0, 100_000).forEach(pid::send);
    assertThat(node.info(pid).mailboxLength()).as("empty letters are thrown out").isLessThan(200);
    scheduler.runUntilIdle();
    assertThat(handled).containsExactly(99_997, 99_998, 99_999);
  }

  @ParameterizedTest
  @EnumSource(Overflow.class)
  void overflow_everyPolicy_oneEventForEachMessageLost(Overflow overflow) {
    node.telemetry().attach("test", "athanor.process.message_dropped", events::add);
    Pid<Object> pid = bounded(4, overflow);
    IntStream.range(0, 10).forEach(pid::send);
    assertThat(events)
        .<Object>extracting(event -> event.metadata().get("message"))
        .containsExactlyElementsOf(
            overflow == Overflow.DROP_OLDEST
                ? List.of(0, 1, 2, 3, 4, 5)
                : List.of(4, 5, 6, 7, 8, 9));
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.metadata().get("pid")).isEqualTo(pid);
              assertThat(event.metadata().get("overflow")).isEqualTo(overflow);
              assertThat(event.measurements().get("limit")).isEqualTo(4);
            });
  }

  @ParameterizedTest
  @EnumSource(Overflow.class)
  void signals_mailboxFull_arriveAllTheSameInTheirPlace(Overflow overflow) {
    Pid<Object> pid = bounded(1, overflow);
    Pid<Scripted.Act> other = node.spawn(new Scripted());
    pid.send((Scripted.Act) self -> self.trapExit(true));
    scheduler.runUntilIdle();
    pid.send((Scripted.Act) self -> self.monitor(other));
    scheduler.runUntilIdle();
    handled.clear();
    pid.send("waits");
    other.send(self -> self.exit(pid, ExitReason.of("x")));
    other.send(self -> self.exit(ExitReason.of("y")));
    while (other.isAlive()) {
      scheduler.step();
    }
    scheduler.runUntilIdle();
    assertThat(handled).filteredOn(Signal.class::isInstance).hasSize(2);
  }

  @Test
  void timers_mailboxFull_areNotCounted() {
    Pid<Object> pid = bounded(1, Overflow.REJECT);
    node.sendAfter(Duration.ofSeconds(1), pid, "tick");
    node.sendAfter(Duration.ofSeconds(1), pid, "tock");
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(handled).containsExactly("tick", "tock");
    assertThat(pid.trySend("a")).isEqualTo(Pid.Outcome.SENT);
  }

  @ParameterizedTest
  @EnumSource(Overflow.class)
  void dies_withMessagesWaiting_deadLettersForThoseAndLater(Overflow overflow) {
    node.telemetry().attach("test", "athanor.process.dead_letter", events::add);
    Pid<Object> pid = bounded(2, overflow);
    pid.send("a");
    pid.send("b");
    pid.send("c");
    node.exit(pid, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(pid.trySend("d")).isEqualTo(Pid.Outcome.DEAD);
    assertThat(events)
        .<Object>extracting(event -> event.metadata().get("message"))
        .containsExactlyElementsOf(
            overflow == Overflow.DROP_OLDEST ? List.of("b", "c", "d") : List.of("a", "b", "d"));
  }

  @Test
  void trySend_unbounded_sentOrDead() {
    Pid<Object> pid = node.spawn(new Keeper());
    assertThat(pid.trySend("a")).isEqualTo(Pid.Outcome.SENT);
    node.exit(pid, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(pid.trySend("b")).isEqualTo(Pid.Outcome.DEAD);
  }

  @Test
  void mailbox_limitOfNone_refused() {
    assertThatThrownBy(() -> SpawnOptions.DEFAULT.mailbox(0, Overflow.REJECT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1, got 0");
  }

  /// Against a model: whatever senders and the process do in turn, each policy keeps what a plain
  /// list kept by its rule would.
  @ParameterizedTest
  @EnumSource(Overflow.class)
  void overflow_randomSendsAndTurns_asTheModel(Overflow overflow) {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      DeterministicScheduler world = new DeterministicScheduler(seed);
      Node its = Node.builder(world).turnBudget(1).build();
      List<Object> got = new ArrayList<>();
      int limit = 1 + random.nextInt(5);
      Pid<Object> pid =
          its.spawn(
              (self, message) -> got.add(message), SpawnOptions.DEFAULT.mailbox(limit, overflow));
      world.runUntilIdle();
      List<Object> expected = new ArrayList<>();
      List<Object> waiting = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        if (random.nextInt(3) > 0) {
          pid.send(i);
          if (waiting.size() < limit) {
            waiting.add(i);
          } else if (overflow == Overflow.DROP_OLDEST) {
            waiting.removeFirst();
            waiting.add(i);
          }
        } else {
          int before = got.size();
          world.step();
          for (int n = before; n < got.size(); n++) {
            expected.add(waiting.removeFirst());
          }
        }
      }
      world.runUntilIdle();
      expected.addAll(waiting);
      assertThat(got).as(overflow + ", seed " + seed).isEqualTo(expected);
    }
  }

  @Test
  void deadLetters_manyInASecond_fiveThenTheirNumber() {
    node.telemetry().attach("test", "athanor.process.dead_letters", events::add);
    Pid<Object> pid = node.spawn(new Keeper());
    node.exit(pid, ExitReason.KILL);
    scheduler.runUntilIdle();
    IntStream.range(0, 100).forEach(pid::send);
    assertThat(events).hasSize(5);
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(events).hasSize(6);
    assertThat(events.getLast().measurements().get("count")).isEqualTo(95L);
    scheduler.advance(Duration.ofSeconds(3));
    pid.send("again");
    assertThat(events).hasSize(7);
    assertThat(events.getLast().metadata().get("receiver")).isEqualTo(pid);
    assertThat(events.getLast().metadata().get("message")).isEqualTo("again");
  }
}

package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.Scripted.Act;
import dev.athanor.otp.process.SpawnOptions.Overflow;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever one process sends another, of any kind, arrives in the order in which it was sent; and
/// signals that act do not wait behind messages.
class SignalOrderTest {
  private static final int SEEDS = 1_000;

  /// Notes what arrives, as sender and number.
  private static final class Receiver implements Behavior<Object> {
    final Map<Object, List<Integer>> bySender = new HashMap<>();

    @Override
    public void onStart(Self<Object> self) {
      self.trapExit(true);
    }

    @Override
    public void onMessage(Self<Object> self, Object message) {
      if (message instanceof Pid<?> toMonitor) {
        self.monitor(toMonitor);
      } else if (message instanceof Numbered numbered) {
        note(numbered.from(), numbered.n());
      }
    }

    @Override
    public void onSignal(Self<Object> self, Signal signal) {
      switch (signal) {
        case Signal.Exit exit -> note(exit.from(), number(exit.reason()));
        case Signal.Down down -> note(down.pid(), number(down.reason()));
      }
    }

    private void note(Object from, int n) {
      bySender.computeIfAbsent(from, first -> new ArrayList<>()).add(n);
    }

    private static int number(ExitReason reason) {
      return reason instanceof ExitReason.Other(Object term) ? (Integer) term : -1;
    }
  }

  private record Numbered(Pid<?> from, int n) {}

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void mixedKinds_betweenEachPair_inTheOrderOfSending(boolean bounded) {
    for (int seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      DeterministicScheduler world = new DeterministicScheduler(seed);
      Node node = Node.builder(world).turnBudget(1 + random.nextInt(4)).build();
      Receiver receiver = new Receiver();
      SpawnOptions options =
          bounded
              ? SpawnOptions.DEFAULT.mailbox(10_000, Overflow.DROP_OLDEST)
              : SpawnOptions.DEFAULT;
      Pid<Object> target = node.spawn(receiver, options);
      List<Pid<Act>> senders = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Pid<Act> sender = node.spawn(new Scripted());
        senders.add(sender);
        target.send(sender);
      }
      world.runUntilIdle();
      Map<Object, Integer> sent = new HashMap<>();
      for (int i = 0; i < 60; i++) {
        Pid<Act> sender = senders.get(random.nextInt(senders.size()));
        int n = sent.merge(sender, 1, Integer::sum);
        if (random.nextInt(3) == 0) {
          sender.send(self -> self.exit(target, ExitReason.of(n)));
        } else {
          sender.send(self -> target.send(new Numbered(self.pid(), n)));
        }
        if (random.nextBoolean()) {
          world.step();
        }
      }
      for (Pid<Act> sender : senders) {
        int n = sent.merge(sender, 1, Integer::sum);
        sender.send(self -> self.exit(ExitReason.of(n)));
      }
      world.runUntilIdle();
      for (Pid<Act> sender : senders) {
        List<Integer> got = receiver.bySender.get(sender);
        assertThat(got)
            .as("seed " + seed + ": messages, exits, and the down at the end")
            .isSorted()
            .hasSize(sent.get(sender))
            .last()
            .isEqualTo(sent.get(sender));
      }
    }
  }

  @Test
  void link_thenExitOfTheSender_actsBeforeMessagesThatWait() {
    for (int seed = 0; seed < SEEDS; seed++) {
      DeterministicScheduler world = new DeterministicScheduler(seed);
      Node node = Node.on(world);
      List<Integer> handled = new ArrayList<>();
      Pid<Act> victim = node.spawn(new Scripted());
      Pid<Act> sender = node.spawn(new Scripted());
      world.runUntilIdle();
      sender.send(
          self -> {
            for (int i = 0; i < 1_000; i++) {
              int n = i;
              victim.send(its -> handled.add(n));
            }
            self.link(victim);
            self.exit(ExitReason.of("boom"));
          });
      world.runUntilIdle();
      assertThat(victim.isAlive()).isFalse();
      assertThat(handled).as("seed " + seed).isEmpty();
    }
  }

  @Test
  void kill_duringALongTurn_actsAfterTheMessageInHand() {
    DeterministicScheduler world = new DeterministicScheduler();
    Node node = Node.on(world);
    List<Integer> handled = new ArrayList<>();
    Pid<Act> victim = node.spawn(new Scripted());
    world.runUntilIdle();
    for (int i = 0; i < 100; i++) {
      int n = i;
      victim.send(
          self -> {
            handled.add(n);
            if (n == 10) {
              node.exit(victim, ExitReason.KILL);
            }
          });
    }
    world.runUntilIdle();
    assertThat(handled).hasSize(11);
  }

  /// demonitor with flush: from then on there is no down, wherever the other's end was on its way;
  /// without flush one that waits already is delivered.
  @Test
  void demonitor_racingTheEnd_noDownAfterAFlushAtMostOneOtherwise() {
    for (int seed = 0; seed < 4 * SEEDS; seed++) {
      boolean flush = seed % 2 == 0;
      DeterministicScheduler world = new DeterministicScheduler(seed);
      Node node = Node.builder(world).turnBudget(1).build();
      Scripted watcher = new Scripted();
      Pid<Act> watching = node.spawn(watcher);
      Pid<Act> target = node.spawn(new Scripted());
      AtomicReference<MonitorRef> ref = new AtomicReference<>();
      AtomicReference<Boolean> open = new AtomicReference<>();
      List<Object> before = new ArrayList<>();
      watching.send(self -> ref.set(self.monitor(target)));
      target.send(self -> self.exit(ExitReason.of("boom")));
      for (int i = 0; i < seed % 5; i++) {
        watching.send(self -> {});
      }
      watching.send(
          self -> {
            before.addAll(watcher.seen);
            open.set(self.demonitor(ref.get(), flush));
          });
      watching.send(self -> assertThat(self.demonitor(ref.get(), flush)).isFalse());
      world.runUntilIdle();
      int after = watcher.seen.size() - before.size();
      String what = "seed " + seed + (flush ? " flush" : "");
      assertThat(watcher.seen).as(what).hasSizeLessThanOrEqualTo(1);
      if (flush || open.get()) {
        assertThat(after).as(what + ": downs after the demonitor").isZero();
      } else {
        assertThat(watcher.seen).as(what + ": fired before, so delivered").hasSize(1);
      }
      assertThat(node.info(target).monitoredBy()).as(what).isZero();
      assertThat(node.info(watching).monitors()).as(what).isZero();
    }
  }

  @Test
  void demonitor_ofAnothersMonitor_refused() {
    DeterministicScheduler world = new DeterministicScheduler();
    Node node = Node.on(world);
    Pid<Act> a = node.spawn(new Scripted());
    Pid<Act> b = node.spawn(new Scripted());
    AtomicReference<MonitorRef> ref = new AtomicReference<>();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    a.send(self -> ref.set(self.monitor(b)));
    world.runUntilIdle();
    b.send(
        self ->
            assertThatThrownBy(() -> self.demonitor(ref.get(), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("belongs to " + a)
                .satisfies(thrown::set));
    world.runUntilIdle();
    assertThat(thrown.get()).isNotNull();
  }
}

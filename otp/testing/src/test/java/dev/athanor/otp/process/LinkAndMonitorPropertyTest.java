package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// Random links, unlinks, monitors, demonitors and kills among a few processes: every link and
/// every monitor is answered exactly once.
class LinkAndMonitorPropertyTest {
  private static final Duration BUDGET = Duration.ofSeconds(2);
  private static final int ACTORS = 5;

  private interface Act {
    void perform(Self<Act> self);
  }

  private static final class Village {
    private final Random random;
    private final DeterministicScheduler scheduler;
    private final Node node;
    private final List<Actor> actors = new ArrayList<>();

    /// Whom each asked to be linked to, and whether either side ever took it back.
    private final Map<List<Actor>, Integer> linkCalls = new HashMap<>();

    private final Set<List<Actor>> takenBack = new HashSet<>();

    private Village(long seed) {
      random = new Random(seed);
      scheduler = new DeterministicScheduler(seed);
      node = Node.on(scheduler);
      for (int i = 0; i < ACTORS; i++) {
        Actor actor = new Actor();
        actor.pid = node.spawn(actor, SpawnOptions.DEFAULT.trapExit(true));
        actors.add(actor);
      }
    }

    private Actor anyone() {
      return actors.get(random.nextInt(ACTORS));
    }

    private void live(boolean rest) {
      for (int i = 0; i < 60; i++) {
        act(anyone(), anyone());
        if (rest) {
          scheduler.runUntilIdle();
          check();
        } else {
          for (int steps = random.nextInt(3); steps > 0; steps--) {
            scheduler.step();
          }
        }
      }
      for (Actor actor : actors) {
        node.exit(actor.pid, ExitReason.KILL);
        scheduler.runUntilIdle();
        check();
      }
      assertThat(node.processCount()).isZero();
    }

    private void act(Actor actor, Actor other) {
      if (actor == other) {
        return; // links and monitors on oneself do nothing
      }
      switch (random.nextInt(12)) {
        case 0, 1, 2 ->
            actor.pid.send(
                self -> {
                  linkCalls.merge(List.of(actor, other), 1, Integer::sum);
                  self.link(other.pid);
                });
        case 3 ->
            actor.pid.send(
                self -> {
                  takenBack.add(List.of(actor, other));
                  takenBack.add(List.of(other, actor));
                  self.unlink(other.pid);
                });
        case 4, 5, 6, 7 ->
            actor.pid.send(self -> actor.monitors.put(self.monitor(other.pid), new Watch()));
        case 8, 9 -> actor.pid.send(self -> actor.demonitorOne(self, random));
        case 10 -> node.exit(other.pid, random.nextBoolean() ? ExitReason.KILL : ExitReason.NORMAL);
        default -> {
          if (random.nextInt(4) == 0) {
            actor.pid.send(self -> self.exit(ExitReason.of("over")));
          }
        }
      }
    }

    /// At rest: what has to have been answered has been.
    private void check() {
      for (Actor actor : actors) {
        if (!actor.pid.isAlive()) {
          continue;
        }
        actor.monitors.forEach(
            (ref, watch) -> {
              int expected = !watch.takenBack && !ref.pid().isAlive() ? 1 : 0;
              if (watch.takenBack && !watch.wasOpen && !watch.flushed) {
                expected = 1;
              }
              assertThat(watch.downs).as("downs for %s", ref).isEqualTo(expected);
            });
        for (Actor other : actors) {
          checkLink(actor, other);
        }
      }
    }

    private void checkLink(Actor actor, Actor other) {
      int mine = linkCalls.getOrDefault(List.of(actor, other), 0);
      int theirs = linkCalls.getOrDefault(List.of(other, actor), 0);
      int exits = actor.exits.getOrDefault(other.pid, 0);
      if (actor == other || takenBack.contains(List.of(actor, other))) {
        return;
      }
      if (other.pid.isAlive() || mine + theirs == 0) {
        assertThat(exits).as("exits of %s at %s", other.pid, actor.pid).isZero();
      } else {
        assertThat(exits)
            .as("exits of %s at %s", other.pid, actor.pid)
            .isBetween(1, Math.max(1, mine + (theirs > 0 ? 1 : 0)));
      }
    }
  }

  private static final class Watch {
    private boolean takenBack;
    private boolean wasOpen;
    private boolean flushed;
    private int downs;
  }

  private static final class Actor implements Behavior<Act> {
    private final Map<MonitorRef, Watch> monitors = new java.util.LinkedHashMap<>();
    private final Map<Pid<?>, Integer> exits = new HashMap<>();
    private Pid<Act> pid;

    @Override
    public void onMessage(Self<Act> self, Act act) {
      act.perform(self);
    }

    @Override
    public void onSignal(Self<Act> self, Signal signal) {
      switch (signal) {
        case Signal.Down down -> {
          Watch watch = monitors.get(down.ref());
          watch.downs++;
          assertThat(watch.takenBack && (watch.wasOpen || watch.flushed))
              .as("a down for a monitor that was taken back, %s", down.ref())
              .isFalse();
        }
        case Signal.Exit exit -> {
          if (!exit.from().equals(pid)) {
            exits.merge(exit.from(), 1, Integer::sum);
          }
        }
      }
    }

    private void demonitorOne(Self<Act> self, Random random) {
      List<MonitorRef> open =
          monitors.keySet().stream().filter(ref -> !monitors.get(ref).takenBack).toList();
      if (open.isEmpty()) {
        return;
      }
      MonitorRef ref = open.get(random.nextInt(open.size()));
      Watch watch = monitors.get(ref);
      if (watch.downs > 0) {
        return;
      }
      watch.takenBack = true;
      watch.flushed = random.nextBoolean();
      watch.wasOpen = self.demonitor(ref, watch.flushed);
    }
  }

  @Test
  void village_oneThingAtATime_everythingAnsweredExactlyOnce(TestReporter reporter) {
    int tried = Seeds.within(BUDGET, seed -> new Village(seed).live(true));
    reporter.publishEntry("seeds", Integer.toString(tried));
    assertThat(tried).isPositive();
  }

  @Test
  void village_everythingAtOnce_everythingAnsweredExactlyOnce(TestReporter reporter) {
    int tried = Seeds.within(BUDGET, seed -> new Village(seed).live(false));
    reporter.publishEntry("seeds", Integer.toString(tried));
    assertThat(tried).isPositive();
  }
}

package dev.athanor.otp.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Random trees, random crashes, random interleavings: what must hold of every tree at every step.
class SupervisionTreePropertyTest {
  private static final long BUDGET_NANOS = TimeUnit.SECONDS.toNanos(4);

  /// One tree and everything known of its workers.
  private static final class Forest {
    private final long seed;
    private final Random random;
    private final DeterministicScheduler scheduler;
    private final Node node;
    private final Map<String, Integer> alive = new HashMap<>();
    private final List<Pid<?>> workers = new ArrayList<>();
    private int names;

    private Forest(long seed) {
      this.seed = seed;
      random = new Random(seed);
      scheduler = new DeterministicScheduler(seed);
      node = Node.on(scheduler);
    }

    private <T> T one(T[] values) {
      return values[random.nextInt(values.length)];
    }

    private SupervisorSpec tree(int depth) {
      List<ChildSpec> children = new ArrayList<>();
      int count = 1 + random.nextInt(4);
      for (int i = 0; i < count; i++) {
        String name = "n" + names++;
        children.add(
            depth > 0 && random.nextInt(3) == 0
                ? ChildSpec.supervisor(name, tree(depth - 1))
                : worker(name));
      }
      return SupervisorSpec.of(one(Strategy.values()), children)
          .intensity(random.nextInt(4), Duration.ofSeconds(1 + random.nextInt(5)));
    }

    private ChildSpec worker(String name) {
      boolean trap = random.nextBoolean();
      boolean late = random.nextInt(4) == 0;
      boolean stubborn = trap && random.nextInt(8) == 0;
      return ChildSpec.<String, String>server(
              name,
              () ->
                  new GenServer<>() {
                    @Override
                    public InitResult<String> init(ServerSelf<String> self) {
                      self.trapExit(trap);
                      workers.add(self.pid());
                      int now = alive.merge(name, 1, Integer::sum);
                      check(now == 1, name + " runs twice");
                      node.own(self.pid(), (owner, reason) -> alive.merge(name, -1, Integer::sum));
                      if (random.nextInt(20) == 0) {
                        return InitResult.stop(ExitReason.of("no luck"));
                      }
                      if (!late) {
                        return InitResult.ok(name);
                      }
                      CompletableFuture<InitResult<String>> decision = new CompletableFuture<>();
                      scheduler.schedule(
                          random.nextInt(1000) * 1000L,
                          () -> decision.complete(InitResult.ok(name)));
                      return InitResult.later(decision);
                    }

                    @Override
                    public Next<String> handleInfo(Info info, String state) {
                      throw new IllegalStateException("crash");
                    }

                    @Override
                    public java.util.concurrent.CompletionStage<?> prepareToStop(
                        ExitReason reason, String state) {
                      return stubborn ? new CompletableFuture<String>() : null;
                    }
                  })
          .restart(one(Restart.values()))
          .shutdown(
              switch (random.nextInt(3)) {
                case 0 -> Shutdown.brutal();
                default -> Shutdown.within(Duration.ofMillis(10));
              });
    }

    private void check(boolean holds, String what) {
      if (!holds) {
        throw new AssertionError(what + " (seed " + seed + ")");
      }
    }

    private void hurt() {
      if (workers.isEmpty()) {
        return;
      }
      Pid<?> victim = workers.get(random.nextInt(workers.size()));
      switch (random.nextInt(4)) {
        case 0 -> node.exit(victim, ExitReason.KILL);
        case 1 -> node.exit(victim, ExitReason.of("boom"));
        case 2 -> node.exit(victim, ExitReason.SHUTDOWN);
        default -> crash(victim);
      }
    }

    @SuppressWarnings("unchecked")
    private static void crash(Pid<?> victim) {
      ((Pid<Object>) victim).send("crash");
    }

    private void live() {
      var start = Supervisor.start(node, tree(3)).toCompletableFuture();
      for (int i = 0; i < 60; i++) {
        hurt();
        for (int steps = random.nextInt(20); steps > 0; steps--) {
          scheduler.step();
        }
        if (random.nextInt(3) == 0) {
          scheduler.advance(Duration.ofMillis(random.nextInt(2000)));
        }
      }
      scheduler.advance(Duration.ofSeconds(30));
      check(start.isDone(), "the start has no outcome");
      if (start.join() instanceof dev.athanor.otp.server.StartResult.Started<Supervisor.Command> up
          && up.pid().isAlive()) {
        var end =
            GenServer.stop(up.pid(), ExitReason.SHUTDOWN, Duration.ofHours(1))
                .toCompletableFuture();
        scheduler.advance(Duration.ofSeconds(30));
        check(end.isDone() && !end.isCompletedExceptionally(), "the tree did not stop in order");
      }
      check(node.processCount() == 0, "orphans: " + node.processes().toList());
      check(alive.values().stream().allMatch(n -> n == 0), "property left behind");
    }
  }

  @Test
  void tree_randomCrashes_noOrphanNoDoubleAndAnOrderlyEnd() {
    long end = System.nanoTime() + BUDGET_NANOS;
    int seeds = 0;
    for (long seed = 1; System.nanoTime() < end; seed++) {
      new Forest(seed).live();
      seeds++;
    }
    assertThat(seeds).isGreaterThan(50);
  }

  @Test
  void tree_sameSeed_sameRun() {
    for (long seed = 1; seed <= 20; seed++) {
      Forest first = new Forest(seed);
      first.live();
      Forest second = new Forest(seed);
      second.live();
      assertThat(second.scheduler.turns()).isEqualTo(first.scheduler.turns());
      assertThat(second.scheduler.nanoTime()).isEqualTo(first.scheduler.nanoTime());
      assertThat(second.workers).hasSameSizeAs(first.workers);
    }
  }
}

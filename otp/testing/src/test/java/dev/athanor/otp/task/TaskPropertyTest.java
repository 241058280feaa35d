package dev.athanor.otp.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.DynamicSupervisor;
import dev.athanor.otp.supervisor.Shutdown;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Probe;
import dev.athanor.otp.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Random tasks under random kills: every one of them has exactly one outcome and none is left.
class TaskPropertyTest {
  private static final class Workshop {
    private final DeterministicScheduler scheduler;
    private final Random random;
    private final Node node;
    private final List<Task<Integer>> tasks = new ArrayList<>();
    private final List<CompletableFuture<?>> streams = new ArrayList<>();
    private final List<Probe<Object>> owners = new ArrayList<>();
    private final Pid<DynamicSupervisor.Command> supervisor;

    private Workshop(long seed) {
      scheduler = new DeterministicScheduler(seed);
      random = new Random(seed);
      node = Node.on(scheduler);
      for (int i = 0; i < 3; i++) {
        owners.add(Probe.on(node));
      }
      supervisor =
          scheduler
              .await(
                  TaskSupervisor.start(
                      node,
                      DynamicSupervisor.Options.DEFAULT.maxChildren(4),
                      ServerOptions.DEFAULT))
              .orThrow();
    }

    private Work<Integer> work() {
      int n = random.nextInt(100);
      return switch (random.nextInt(4)) {
        case 0 -> () -> n;
        case 1 -> Desk.exit("boom");
        case 2 -> Work.computing(() -> n / (n % 2));
        default ->
            Work.stage(
                () -> {
                  CompletableFuture<Integer> later = new CompletableFuture<>();
                  scheduler.schedule(n * 1_000_000L, () -> later.complete(n));
                  return later;
                });
      };
    }

    private static void as(Probe<Object> owner, Function<Self<Object>, Boolean> action) {
      var _ = owner.run(action);
    }

    private void act() {
      Probe<Object> owner = owners.get(random.nextInt(owners.size()));
      Work<Integer> work = work();
      switch (random.nextInt(9)) {
        case 0, 1 -> as(owner, self -> tasks.add(Task.async(self, work)));
        case 2 -> as(owner, self -> tasks.add(TaskSupervisor.async(self, supervisor, work)));
        case 3 -> tasks.add(TaskSupervisor.asyncNoLink(supervisor, work));
        case 4 -> {
          TaskStream<Integer, Integer> stream =
              Task.<Integer, Integer>asyncStream(
                      IntStream.range(0, 5).boxed().toList(), n -> n == 3 ? work : () -> n)
                  .maxConcurrency(1 + random.nextInt(3))
                  .timeout(Duration.ofMillis(20))
                  .onTimeout(
                      random.nextBoolean() ? TaskStream.OnTimeout.EXIT : TaskStream.OnTimeout.KILL);
          boolean supervised = random.nextBoolean();
          as(
              owner,
              self ->
                  streams.add(
                      (supervised ? stream.under(supervisor) : stream)
                          .collect(self)
                          .toCompletableFuture()));
        }
        case 5, 6 -> {
          if (!tasks.isEmpty()) {
            Task<Integer> task = tasks.get(random.nextInt(tasks.size()));
            if (random.nextBoolean()) {
              node.exit(task.pid(), random.nextBoolean() ? ExitReason.KILL : ExitReason.SHUTDOWN);
            } else {
              streams.add(task.shutdown(Shutdown.brutal()).toCompletableFuture());
            }
          }
        }
        case 7 -> {
          if (random.nextInt(6) == 0) {
            node.exit(owner.pid(), ExitReason.KILL);
          }
        }
        default -> {
          if (random.nextInt(20) == 0) {
            node.exit(supervisor, ExitReason.KILL);
          }
        }
      }
    }

    private void live() {
      for (int i = 0; i < 60; i++) {
        act();
        for (int steps = random.nextInt(8); steps > 0; steps--) {
          scheduler.step();
        }
        if (random.nextInt(5) == 0) {
          scheduler.advance(Duration.ofMillis(random.nextInt(30)));
        }
      }
      scheduler.advance(Duration.ofSeconds(1));
      for (Task<Integer> task : tasks) {
        assertThat(task.pid().isAlive()).isFalse();
        assertThat(scheduler.await(task.tryAwait(Duration.ZERO)))
            .isNotInstanceOf(Task.Outcome.None.class);
      }
      assertThat(streams).allMatch(CompletableFuture::isDone);
      long others =
          owners.stream().filter(owner -> owner.pid().isAlive()).count()
              + (supervisor.isAlive() ? 1 : 0);
      assertThat(node.processCount()).isEqualTo((int) others);
      if (supervisor.isAlive()) {
        assertThat(scheduler.await(TaskSupervisor.children(supervisor))).isEmpty();
      }
    }
  }

  @Test
  void workshop_randomKills_everyTaskHasOneOutcomeAndNoneIsLeft() {
    assertThat(Seeds.within(Duration.ofSeconds(2), seed -> new Workshop(seed).live())).isPositive();
  }
}

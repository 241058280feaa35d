package dev.athanor.otp.task;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.DynamicSupervisor;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Probe;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// A node under test with an owner of tasks that traps exits, and work that takes virtual time.
final class Desk {
  final DeterministicScheduler scheduler = new DeterministicScheduler(7);
  final Node node = Node.on(scheduler);
  final Probe<Object> owner = Probe.on(node);

  /// Work that returns the value after a while.
  <T> Work<T> after(int millis, T value) {
    return Work.stage(
        () -> {
          CompletableFuture<T> later = new CompletableFuture<>();
          scheduler.schedule(millis * 1_000_000L, () -> later.complete(value));
          return later;
        });
  }

  /// Work that returns after as many milliseconds as it is told.
  Work<Integer> sleep(int millis) {
    return after(millis, millis);
  }

  static <T> Work<T> exit(Object reason) {
    return () -> {
      throw new TaskExit(ExitReason.of(reason));
    };
  }

  <T> T as(Function<Self<Object>, T> action) {
    return scheduler.await(owner.run(action));
  }

  <T> Task<T> async(Work<T> work) {
    return as(self -> Task.async(self, work));
  }

  Pid<DynamicSupervisor.Command> supervisor(int maxChildren) {
    return scheduler
        .await(
            TaskSupervisor.start(
                node,
                DynamicSupervisor.Options.DEFAULT.maxChildren(maxChildren),
                ServerOptions.DEFAULT))
        .orThrow();
  }

  static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }
}

package dev.athanor.otp.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.DynamicSupervisor;
import dev.athanor.otp.task.Task;
import dev.athanor.otp.task.TaskStream;
import dev.athanor.otp.task.TaskSupervisor;
import dev.athanor.otp.task.Work;
import dev.athanor.otp.testing.Probe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskThreadsTest extends OnVertx {
  private static final Duration LONG = Duration.ofSeconds(10);

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  /// Work that blocks until it is interrupted, and says so.
  private static Work<String> blocked(CountDownLatch begun, CompletableFuture<Thread> interrupted) {
    return () -> {
      begun.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.complete(Thread.currentThread());
        throw e;
      }
      return "never";
    };
  }

  @Test
  void async_eachKindOfWork_onItsKindOfThread() {
    Thread plain = get(Task.async(node, Thread::currentThread).await(LONG));
    Thread computing = get(Task.async(node, Work.computing(Thread::currentThread)).await(LONG));
    Thread staged =
        get(
            Task.async(
                    node,
                    Work.stage(() -> CompletableFuture.completedStage(Thread.currentThread())))
                .await(LONG));
    assertThat(plain.isVirtual()).isTrue();
    assertThat(computing.getName()).startsWith("athanor-worker");
    assertThat(staged.getName()).contains("eventloop");
  }

  @Test
  void shutdown_workBlocks_taskEndsAtOnceAndTheThreadIsInterrupted() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Thread> interrupted = new CompletableFuture<>();
    Task<String> task = Task.async(node, blocked(begun, interrupted));
    begun.await();
    assertThat(get(task.shutdown())).isEqualTo(new Task.Outcome.None<>());
    assertThat(task.pid().isAlive()).isFalse();
    assertThat(get(interrupted).isVirtual()).isTrue();
  }

  @Test
  void shutdown_workerBlocks_itsThreadServesTheNextUnharmed() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Thread> interrupted = new CompletableFuture<>();
    Task<String> task = Task.async(node, Work.computing(blocked(begun, interrupted)));
    begun.await();
    get(task.shutdown());
    get(interrupted);
    int cores = Runtime.getRuntime().availableProcessors();
    for (int i = 0; i < 2 * cores; i++) {
      assertThat(
              get(
                  Task.async(node, Work.computing(() -> Thread.currentThread().isInterrupted()))
                      .await(LONG)))
          .isFalse();
    }
  }

  @Test
  void owner_dies_workOfItsTaskIsInterrupted() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Thread> interrupted = new CompletableFuture<>();
    Probe<Object> owner = Probe.on(node);
    get(owner.run(self -> Task.async(self, blocked(begun, interrupted))));
    begun.await();
    node.exit(owner.pid(), dev.athanor.otp.process.ExitReason.KILL);
    assertThat(get(interrupted)).isNotNull();
  }

  @Test
  void awaitBlocking_inWorkAndOnAnEventLoop_waitsAndRefuses() {
    Task<Integer> outer = Task.async(node, () -> Task.async(() -> 21).awaitBlocking(LONG) * 2);
    assertThat(outer.awaitBlocking(LONG)).isEqualTo(42);
    Task<Integer> wrong =
        Task.async(
            node, Work.stage(() -> CompletableFuture.completedStage(outer.awaitBlocking(LONG))));
    assertThatThrownBy(() -> wrong.awaitBlocking(LONG)).hasMessageContaining("event loop");
  }

  @Test
  void asyncStream_thousandsOfInputsUnderASupervisor_allInOrder() {
    var supervisor =
        get(TaskSupervisor.start(node, DynamicSupervisor.Options.DEFAULT, ServerOptions.DEFAULT))
            .orThrow();
    List<Integer> inputs = IntStream.range(0, 5000).boxed().toList();
    var all =
        get(
            Task.<Integer, Integer>asyncStream(inputs, n -> () -> n * 2)
                .maxConcurrency(16)
                .under(supervisor)
                .timeout(null)
                .onTimeout(TaskStream.OnTimeout.KILL)
                .collect(node));
    assertThat(all.stream().map(element -> element.outcome().orThrow()))
        .isEqualTo(inputs.stream().map(n -> n * 2).toList());
  }

  @Test
  void await_asAUni_value() {
    Task<Integer> task = Task.async(node, () -> 5);
    assertThat(Unis.of(() -> task.await(LONG)).await().atMost(LONG)).isEqualTo(5);
  }
}

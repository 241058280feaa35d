package dev.athanor.otp.conformance;

import static dev.athanor.otp.conformance.Scenario.same;
import static dev.athanor.otp.conformance.Terms.tuple;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.supervisor.DynamicSupervisor;
import dev.athanor.otp.supervisor.Shutdown;
import dev.athanor.otp.task.Task;
import dev.athanor.otp.task.TaskExit;
import dev.athanor.otp.task.TaskStream;
import dev.athanor.otp.task.TaskSupervisor;
import dev.athanor.otp.task.Work;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Elixir's Task and Task.Supervisor.
class TaskConformanceTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void task_everyScenario_answersAsElixir(Scenario scenario) throws Exception {
    scenario.check();
  }

  static Stream<Scenario> scenarios() {
    return Stream.of(single(), streams(), supervised()).flatMap(scenario -> scenario);
  }

  private static Stream<Scenario> single() {
    return Stream.of(
        same(
            "async, await",
            "2",
            () -> {
              Stage stage = new Stage();
              return stage.outcome(started(stage, () -> 2).await());
            }),
        same(
            "await, the task takes longer",
            "{exit,timeout}",
            () -> {
              Stage stage = new Stage();
              return stage.outcome(started(stage, after(stage, 1000, 7)).await(SHORT));
            }),
        same(
            "yield, too early and then in time",
            "{nil,{ok,7}}",
            () -> {
              Stage stage = new Stage();
              Task<Integer> task = started(stage, after(stage, 100, 7));
              return tuple(
                  stage.outcome(task.tryAwait(SHORT)),
                  stage.outcome(task.tryAwait(Duration.ofSeconds(1))));
            }),
        same("shutdown", "nil", () -> shutDown(Shutdown.within(Duration.ofSeconds(5)))),
        same("shutdown, brutal_kill", "nil", () -> shutDown(Shutdown.brutal())));
  }

  private static Object shutDown(Shutdown how) {
    Stage stage = new Stage();
    return stage.outcome(started(stage, after(stage, 100_000, 7)).shutdown(how));
  }

  /// A task of a process that does not trap exits.
  private static Task<Integer> started(Stage stage, Work<Integer> work) {
    return stage.actor().finds(self -> Task.async(self, work));
  }

  private static <T> Work<T> after(Stage stage, int millis, T value) {
    return Work.stage(
        () -> {
          CompletableFuture<T> later = new CompletableFuture<>();
          stage.scheduler.schedule(millis * 1_000_000L, () -> later.complete(value));
          return later;
        });
  }

  private static Stream<Scenario> streams() {
    return Stream.of(
        same(
            "async_stream of 30, 10 and 20 ms",
            "[{ok,30},{ok,10},{ok,20}]",
            () -> {
              Stage stage = new Stage();
              return streamed(stage, sleepers(stage, 30, 10, 20));
            }),
        same(
            "async_stream of 60, 10 and 30 ms, unordered",
            "[{ok,10},{ok,30},{ok,60}]",
            () -> {
              Stage stage = new Stage();
              return streamed(stage, sleepers(stage, 60, 10, 30).unordered());
            }),
        same(
            "async_stream of 200 and 1 ms, within 50 ms, on_timeout kill_task, with inputs",
            "[{exit,{200,timeout}},{ok,1}]",
            () -> {
              Stage stage = new Stage();
              return streamed(
                  stage,
                  sleepers(stage, 200, 1).timeout(SHORT).onTimeout(TaskStream.OnTimeout.KILL),
                  element ->
                      element.outcome() instanceof Task.Outcome.Exit<Integer>(ExitReason reason)
                          ? tuple("exit", tuple(element.input(), reason))
                          : element.outcome());
            }),
        same(
            "async_stream of one that exits with boom, trapping",
            "[{exit,boom}]",
            () ->
                streamed(
                    new Stage(),
                    Task.asyncStream(
                        List.of(1),
                        input ->
                            Work.stage(
                                () -> {
                                  throw new TaskExit(Stage.BOOM);
                                })))));
  }

  private static TaskStream<Integer, Integer> sleepers(Stage stage, Integer... millis) {
    return Task.asyncStream(List.of(millis), input -> after(stage, input, input)).maxConcurrency(3);
  }

  private static Object streamed(Stage stage, TaskStream<Integer, Integer> stream) {
    return streamed(stage, stream, TaskStream.Element::outcome);
  }

  private static Object streamed(
      Stage stage,
      TaskStream<Integer, Integer> stream,
      Function<TaskStream.Element<Integer, Integer>, Object> shown) {
    AtomicReference<CompletionStage<List<TaskStream.Element<Integer, Integer>>>> all =
        new AtomicReference<>();
    stage.trapping().does(self -> all.set(stream.collect(self)));
    return stage.scheduler.await(all.get()).stream().map(shown).toList();
  }

  private static Stream<Scenario> supervised() {
    return Stream.of(
        same(
            "Task.Supervisor with max_children 1: start two",
            "{ok,{error,max_children}}",
            () -> {
              Stage stage = new Stage();
              var supervisor = supervisor(stage, 1);
              return tuple(
                  stage.outcome(TaskSupervisor.startChild(supervisor, after(stage, 1000, 1))),
                  stage.outcome(TaskSupervisor.startChild(supervisor, after(stage, 1000, 1))));
            }),
        same(
            "async_nolink of one that exits with boom, yield",
            "{exit,boom}",
            () -> {
              Stage stage = new Stage();
              var supervisor = supervisor(stage, 9);
              return stage.outcome(
                  TaskSupervisor.asyncNoLink(
                          supervisor,
                          Work.stage(
                              () -> {
                                throw new TaskExit(Stage.BOOM);
                              }))
                      .tryAwait(Duration.ofSeconds(1)));
            }));
  }

  private static Pid<DynamicSupervisor.Command> supervisor(Stage stage, int maxChildren) {
    return stage
        .scheduler
        .await(
            TaskSupervisor.start(
                stage.node,
                DynamicSupervisor.Options.DEFAULT.maxChildren(maxChildren),
                ServerOptions.DEFAULT))
        .orThrow();
  }
}

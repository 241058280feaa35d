package dev.athanor.otp.task;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Restart;
import dev.athanor.otp.supervisor.Shutdown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One piece of work in a process of its own, and the handle by which others wait for its outcome.
///
/// A task started by [#async(Self, Work)] is linked to its owner: if it crashes, the owner gets an
/// exit signal, and ends with it unless it traps exits; if the owner ends, so does the task. Tasks
/// that must not take their owner along are started under a [TaskSupervisor].
///
/// The process of a task obeys exit signals at once, even while its work blocks; the thread of the
/// work is then interrupted, and whatever it still does or returns reaches nobody. Inside the work
/// [Node#current] is the task.
///
/// All methods may be called from any thread. Stages that depend on the result run on the event
/// loop of the task: a process uses [Self#await] on them; the blocking forms refuse on an event
/// loop. Corresponds to Elixir's `Task`.
///
/// @param <T> what the work returns
public final class Task<T extends @Nullable Object> {
  /// How long [#await()] and [#shutdown()] wait: 5 seconds.
  public static final Duration TIMEOUT = Duration.ofSeconds(5);

  /// What became of a task: `{ok, Value}`, `{exit, Reason}` or `nil`.
  ///
  /// @param <T> what the work returns
  public sealed interface Outcome<T extends @Nullable Object> {
    /// The work returned.
    ///
    /// @param value what it returned
    /// @param <T> what the work returns
    record Ok<T extends @Nullable Object>(T value) implements Outcome<T> {
      @Override
      public String toString() {
        return "{ok, " + value + "}";
      }
    }

    /// The task ended without a value.
    ///
    /// @param reason why
    /// @param <T> what the work returns
    record Exit<T extends @Nullable Object>(ExitReason reason) implements Outcome<T> {
      @Override
      public String toString() {
        return "{exit, " + reason + "}";
      }
    }

    /// There is no outcome: it has not come yet, or was prevented by shutting the task down.
    ///
    /// @param <T> what the work returns
    record None<T extends @Nullable Object>() implements Outcome<T> {
      @Override
      public String toString() {
        return "nil";
      }
    }

    /// The value, for callers to whom everything else is a failure.
    ///
    /// @return the value
    /// @throws TaskExit with the reason, or with `timeout` when there is no outcome
    default T orThrow() {
      return switch (this) {
        case Ok<T>(T value) -> value;
        case Exit<T>(ExitReason reason) -> throw new TaskExit(reason);
        case None<T>() -> throw new TaskExit(LATE);
      };
    }
  }

  static final ExitReason LATE = ExitReason.of("timeout");

  private final Pid<Object> pid;
  private final CompletableFuture<Outcome<T>> ended;

  Task(Pid<Object> pid, CompletableFuture<Outcome<T>> ended) {
    this.pid = pid;
    this.ended = ended;
  }

  // ---- starting ------------------------------------------------------------------------------

  /// Starts a task linked to the calling process (`Task.async/1`).
  ///
  /// @param owner the calling process
  /// @param work what to do
  /// @param <T> what it returns
  /// @return the task, running
  public static <T extends @Nullable Object> Task<T> async(Self<?> owner, Work<T> work) {
    return linked(owner, work, chain(owner.pid()), false);
  }

  /// Starts a task linked to the task whose work the calling thread is in.
  ///
  /// @param work what to do
  /// @param <T> what it returns
  /// @return the task, running
  /// @throws IllegalStateException when the caller is not the work of a task on its own thread
  public static <T extends @Nullable Object> Task<T> async(Work<T> work) {
    if (!TaskProcess.Job.CURRENT.isBound()) {
      throw new IllegalStateException(
          "Task.async(work) is for the work of another task; a process gives itself as the owner,"
              + " Task.async(self, work), and everybody else a node, Task.async(node, work)");
    }
    Pid<?> owner = TaskProcess.Job.CURRENT.get();
    CompletableFuture<Outcome<T>> ended = new CompletableFuture<>();
    SpawnOptions options = SpawnOptions.DEFAULT.callers(chain(owner));
    return new Task<>(
        owner.node().spawn(new TaskProcess<>(work, ended, owner, true, false), options), ended);
  }

  /// Starts a task that is linked to nobody.
  ///
  /// @param node where
  /// @param work what to do
  /// @param <T> what it returns
  /// @return the task, running
  public static <T extends @Nullable Object> Task<T> async(Node node, Work<T> work) {
    return unlinked(node, work, false);
  }

  static <T extends @Nullable Object> Task<T> linked(
      Self<?> owner, Work<T> work, List<Pid<?>> callers, boolean waits) {
    CompletableFuture<Outcome<T>> ended = new CompletableFuture<>();
    Pid<Object> pid =
        owner.spawnLink(
            new TaskProcess<>(work, ended, owner.pid(), false, waits),
            SpawnOptions.DEFAULT.callers(callers));
    return new Task<>(pid, ended);
  }

  static <T extends @Nullable Object> Task<T> unlinked(Node node, Work<T> work, boolean waits) {
    Pid<?> caller = Node.current();
    return unlinked(node, work, caller == null ? List.of() : chain(caller), waits);
  }

  static <T extends @Nullable Object> Task<T> unlinked(
      Node node, Work<T> work, List<Pid<?>> callers, boolean waits) {
    CompletableFuture<Outcome<T>> ended = new CompletableFuture<>();
    Pid<Object> pid =
        node.spawn(
            new TaskProcess<>(work, ended, null, false, waits),
            SpawnOptions.DEFAULT.callers(callers));
    return new Task<>(pid, ended);
  }

  static List<Pid<?>> chain(Pid<?> caller) {
    List<Pid<?>> chain = new ArrayList<>();
    chain.add(caller);
    chain.addAll(caller.node().callers(caller));
    return chain;
  }

  /// A child of a supervisor that does its work once: temporary, unless told otherwise.
  ///
  /// @param id its id
  /// @param work what to do, again for every start
  /// @return the spec
  public static ChildSpec child(Object id, Work<?> work) {
    return ChildSpec.of(
            id,
            supervisor ->
                CompletableFuture.completedStage(
                    new StartResult.Started<>(
                        linked(supervisor, work, chain(supervisor.pid()), false).pid)))
        .restart(Restart.TEMPORARY);
  }

  /// On whose behalf the calling process works, be it a task or not: who started the task, who
  /// started that one, and so on (`$callers`). So a test's stand-in can be found from within tasks.
  ///
  /// @return the chain, nearest first; empty outside every process
  public static List<Pid<?>> callers() {
    Pid<?> current = Node.current();
    return current == null ? List.of() : current.node().callers(current);
  }

  // ---- waiting -------------------------------------------------------------------------------

  /// Its process.
  ///
  /// @return the pid
  public Pid<?> pid() {
    return pid;
  }

  /// Waits for the value, for 5 seconds.
  ///
  /// @return the value; see [#await(Duration)]
  public CompletionStage<T> await() {
    return await(TIMEOUT);
  }

  /// Waits for the value. The stage fails with [TaskExit] when the task ended without one, and with
  /// the reason `timeout` when it has not ended in time: then the task goes on. (In Elixir the one
  /// who awaits exits; here it is told, and decides.)
  ///
  /// @param timeout how long
  /// @return the value
  public CompletionStage<T> await(Duration timeout) {
    return awaited(timeout);
  }

  private CompletableFuture<T> awaited(Duration timeout) {
    return Patience.<Outcome<T>, T>limited(
        pid.node(),
        ended,
        timeout,
        Outcome::orThrow,
        () -> {
          throw new TaskExit(LATE);
        });
  }

  /// Waits for the value on a thread that may block.
  ///
  /// @param timeout how long
  /// @return the value
  /// @throws TaskExit as the stage of [#await(Duration)] fails
  /// @throws IllegalStateException on an event loop
  public T awaitBlocking(Duration timeout) {
    return join(pid, awaited(timeout));
  }

  /// Looks whether there is an outcome, for so long; it may be asked again (`Task.yield/2`).
  ///
  /// @param timeout how long; zero to look without waiting
  /// @return the outcome, or [Outcome.None]
  public CompletionStage<Outcome<T>> tryAwait(Duration timeout) {
    return tried(timeout);
  }

  private CompletableFuture<Outcome<T>> tried(Duration timeout) {
    return Patience.limited(pid.node(), ended, timeout, Function.identity(), Outcome.None::new);
  }

  /// Looks whether there is an outcome, on a thread that may block.
  ///
  /// @param timeout how long
  /// @return the outcome, or [Outcome.None]
  /// @throws IllegalStateException on an event loop
  public Outcome<T> tryAwaitBlocking(Duration timeout) {
    return join(pid, tried(timeout));
  }

  /// Ends the task with [ExitReason#SHUTDOWN].
  ///
  /// @return see [#shutdown(Shutdown)]
  public CompletionStage<Outcome<T>> shutdown() {
    return shutdown(Shutdown.within(TIMEOUT));
  }

  /// Ends the task without an exit signal to its owner, and interrupts the thread of its work.
  ///
  /// @param how brutally, with [ExitReason#KILLED]; otherwise with [ExitReason#SHUTDOWN]. A task
  ///   ends at once in both cases
  /// @return [Outcome.None] when that was its end; the outcome it had before otherwise
  public CompletionStage<Outcome<T>> shutdown(Shutdown how) {
    ExitReason reason =
        switch (how) {
          case Shutdown.Brutal _ -> ExitReason.KILLED;
          case Shutdown.Within _, Shutdown.Infinite _ -> ExitReason.SHUTDOWN;
        };
    quit(reason);
    return ended.thenApply(
        outcome ->
            outcome instanceof Outcome.Exit<T>(ExitReason end) && end.equals(reason)
                ? new Outcome.None<>()
                : outcome);
  }

  /// Waits for the values of several tasks, for one time limit (`Task.await_many/2`).
  ///
  /// @param tasks the tasks
  /// @param timeout how long
  /// @param <T> what they return
  /// @return the values in the order of the tasks; fails with [TaskExit] as soon as one of them has
  ///   ended without a value
  public static <T extends @Nullable Object> CompletionStage<List<T>> awaitMany(
      List<Task<T>> tasks, Duration timeout) {
    if (tasks.isEmpty()) {
      return CompletableFuture.completedStage(List.of());
    }
    CompletableFuture<Boolean> all = new CompletableFuture<>();
    List<Task<T>> kept = List.copyOf(tasks);
    AtomicInteger left = new AtomicInteger(kept.size());
    for (Task<T> task : kept) {
      var _ =
          task.ended.whenComplete(
              (outcome, failure) -> {
                if (outcome instanceof Outcome.Exit<T>(ExitReason reason)) {
                  all.completeExceptionally(new TaskExit(reason));
                } else if (left.decrementAndGet() == 0) {
                  all.complete(true);
                }
              });
    }
    return Patience.<Boolean, List<T>>limited(
        kept.getFirst().pid.node(),
        all,
        timeout,
        done -> values(kept),
        () -> {
          throw new TaskExit(LATE);
        });
  }

  private static <T extends @Nullable Object> List<T> values(List<Task<T>> tasks) {
    List<T> values = new ArrayList<>(tasks.size());
    tasks.forEach(task -> values.add(task.ended.join().orThrow()));
    return values;
  }

  /// Waits until all tasks have an outcome, or for so long (`Task.yield_many/2`).
  ///
  /// @param tasks the tasks
  /// @param timeout how long
  /// @param <T> what they return
  /// @return their outcomes in the order of the tasks, [Outcome.None] for those that have none
  public static <T extends @Nullable Object> CompletionStage<List<Outcome<T>>> tryAwaitMany(
      List<Task<T>> tasks, Duration timeout) {
    if (tasks.isEmpty()) {
      return CompletableFuture.completedStage(List.of());
    }
    List<Task<T>> kept = List.copyOf(tasks);
    CompletableFuture<?>[] all =
        kept.stream().map(task -> task.ended).toArray(CompletableFuture<?>[]::new);
    return Patience.limited(
        kept.getFirst().pid.node(),
        CompletableFuture.allOf(all).thenApply(done -> true),
        timeout,
        done -> outcomes(kept),
        () -> outcomes(kept));
  }

  private static <T extends @Nullable Object> List<Outcome<T>> outcomes(List<Task<T>> tasks) {
    List<Outcome<T>> outcomes = new ArrayList<>(tasks.size());
    tasks.forEach(task -> outcomes.add(task.ended.getNow(new Outcome.None<>())));
    return List.copyOf(outcomes);
  }

  /// Describes work on a collection, several inputs at a time (`Task.async_stream/3`).
  ///
  /// @param inputs what to work on, asked for one by one as tasks become free
  /// @param work makes the work on one input
  /// @param <I> an input
  /// @param <R> what the work returns
  /// @return the description, to be refined and run
  public static <I, R extends @Nullable Object> TaskStream<I, R> asyncStream(
      Iterable<? extends I> inputs, Function<? super I, ? extends Work<R>> work) {
    return TaskStream.of(inputs, work);
  }

  // ---- for this package ------------------------------------------------------------------------

  CompletableFuture<Outcome<T>> ended() {
    return ended;
  }

  void begin() {
    pid.send(new TaskProcess.Begin());
  }

  void quit(ExitReason reason) {
    pid.send(new TaskProcess.Quit(reason));
  }

  private static <R extends @Nullable Object> R join(Pid<?> task, CompletableFuture<R> future) {
    if (task.node().scheduler().onEventLoop()) {
      throw new IllegalStateException(
          "waiting for task "
              + task
              + " on an event loop would stop every process there; use await or tryAwait with"
              + " Self.await, or do it in the work of another task");
    }
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TaskExit exit) {
        throw new TaskExit(exit.reason());
      }
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for task " + task, e);
    }
  }
}

package dev.athanor.otp.task;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.supervisor.DynamicSupervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Work on a collection, several inputs at a time: a description, immutable, that is run by
/// [#collect(Self)], [#collect(Node)] or [#each].
///
/// Every input has a task. They are children of a process between them and the owner, linked to
/// both sides: the end of the owner ends them, and the crash of one ends an owner that does not
/// trap exits; one that does gets the reason as the outcome for that input. With [#under] the tasks
/// are supervised and unlinked, and a crash is an outcome for everybody. Without an owner likewise.
///
/// Corresponds to Elixir's `Task.async_stream` and `Task.Supervisor.async_stream_nolink`.
///
/// @param <I> an input
/// @param <R> what the work returns
public final class TaskStream<I, R extends @Nullable Object> {
  /// One input and what became of it.
  ///
  /// @param input the input
  /// @param outcome ok or exit
  /// @param <I> an input
  /// @param <R> what the work returns
  public record Element<I, R extends @Nullable Object>(I input, Task.Outcome<R> outcome) {}

  /// What happens when a task takes longer than the timeout.
  public enum OnTimeout {
    /// All of them are ended; the stage fails and the owner gets an exit signal.
    EXIT,
    /// That task is ended; `timeout` is the reason in its outcome.
    KILL
  }

  /// How a stream is run.
  record Options(
      int maxConcurrency,
      boolean ordered,
      @Nullable Duration timeout,
      OnTimeout onTimeout,
      @Nullable Pid<DynamicSupervisor.Command> supervisor) {}

  private final Iterable<? extends I> inputs;
  private final Function<? super I, ? extends Work<R>> work;
  private final Options options;

  private TaskStream(
      Iterable<? extends I> inputs, Function<? super I, ? extends Work<R>> work, Options options) {
    this.inputs = inputs;
    this.work = work;
    this.options = options;
  }

  static <I, R extends @Nullable Object> TaskStream<I, R> of(
      Iterable<? extends I> inputs, Function<? super I, ? extends Work<R>> work) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new TaskStream<>(
        inputs, work, new Options(cores, true, Task.TIMEOUT, OnTimeout.EXIT, null));
  }

  private TaskStream<I, R> with(Options changed) {
    return new TaskStream<>(inputs, work, changed);
  }

  /// The same with so many tasks at a time; the number of cores by default. No more finished
  /// outcomes than that wait to be taken.
  ///
  /// @param tasks at least 1
  /// @return the description
  public TaskStream<I, R> maxConcurrency(int tasks) {
    if (tasks < 1) {
      throw new IllegalArgumentException(
          "a stream needs at least 1 task at a time, got maxConcurrency " + tasks);
    }
    return with(
        new Options(
            tasks, options.ordered, options.timeout, options.onTimeout, options.supervisor));
  }

  /// The same with outcomes in the order in which tasks end, not in that of the inputs.
  ///
  /// @return the description
  public TaskStream<I, R> unordered() {
    return with(
        new Options(
            options.maxConcurrency, false, options.timeout, options.onTimeout, options.supervisor));
  }

  /// The same with another time for each task; 5 seconds by default.
  ///
  /// @param each how long one may take; null for ever
  /// @return the description
  public TaskStream<I, R> timeout(@Nullable Duration each) {
    return with(
        new Options(
            options.maxConcurrency, options.ordered, each, options.onTimeout, options.supervisor));
  }

  /// The same with another answer to a task that takes too long; [OnTimeout#EXIT] by default.
  ///
  /// @param value the answer
  /// @return the description
  public TaskStream<I, R> onTimeout(OnTimeout value) {
    return with(
        new Options(
            options.maxConcurrency, options.ordered, options.timeout, value, options.supervisor));
  }

  /// The same with tasks under a supervisor, linked to nobody else.
  ///
  /// @param supervisor a [TaskSupervisor]
  /// @return the description
  public TaskStream<I, R> under(Pid<DynamicSupervisor.Command> supervisor) {
    return with(
        new Options(
            options.maxConcurrency,
            options.ordered,
            options.timeout,
            options.onTimeout,
            supervisor));
  }

  /// Runs it as the calling process.
  ///
  /// @param owner the calling process
  /// @return all elements; use it with [Self#await]. Fails with [TaskExit] when the stream was
  ///   ended by a timeout or a crash
  public CompletionStage<List<Element<I, R>>> collect(Self<?> owner) {
    StreamProcess<I, R> process = process(owner);
    CompletableFuture<List<Element<I, R>>> all = process.collected();
    spawn(owner, process);
    return all;
  }

  /// Runs it from outside of every process; nobody is linked.
  ///
  /// @param node where
  /// @return all elements; fails with [TaskExit] when the stream was ended by a timeout
  public CompletionStage<List<Element<I, R>>> collect(Node node) {
    Pid<?> caller = Node.current();
    List<Pid<?>> callers = caller == null ? List.of() : Task.chain(caller);
    StreamProcess<I, R> process =
        new StreamProcess<>(inputs.iterator(), work, options, null, callers);
    CompletableFuture<List<Element<I, R>>> all = process.collected();
    node.spawn(process, SpawnOptions.DEFAULT.trapExit(true));
    return all;
  }

  /// Runs it as the calling process, which takes one outcome after the other: no further input is
  /// begun while outcomes wait.
  ///
  /// @param owner the calling process
  /// @param taker takes an input and its outcome, in a turn of the owner
  /// @return completes after the last; fails as [#collect(Self)] does
  public CompletionStage<@Nullable Void> each(
      Self<?> owner, BiConsumer<? super I, ? super Task.Outcome<R>> taker) {
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    Pid<Object> stream = spawn(owner, process(owner));
    next(owner, stream, owner.node().exited(stream), taker, done);
    return done;
  }

  private void next(
      Self<?> owner,
      Pid<Object> stream,
      CompletionStage<ExitReason> end,
      BiConsumer<? super I, ? super Task.Outcome<R>> taker,
      CompletableFuture<@Nullable Void> done) {
    CompletableFuture<List<Element<I, R>>> some = new CompletableFuture<>();
    stream.send(new StreamProcess.Pull<>(some));
    owner.await(
        some,
        (elements, failure) -> {
          if (elements == null) {
            end.thenAccept(reason -> done.completeExceptionally(new TaskExit(reason)));
          } else if (elements.isEmpty()) {
            done.complete(null);
          } else {
            elements.forEach(element -> taker.accept(element.input(), element.outcome()));
            next(owner, stream, end, taker, done);
          }
        });
  }

  private StreamProcess<I, R> process(Self<?> owner) {
    return new StreamProcess<>(
        inputs.iterator(), work, options, owner.pid(), new ArrayList<>(Task.chain(owner.pid())));
  }

  private static Pid<Object> spawn(Self<?> owner, StreamProcess<?, ?> process) {
    boolean traps = owner.trapExit(false);
    owner.trapExit(traps);
    return owner.spawnLink(process, SpawnOptions.DEFAULT.trapExit(traps));
  }
}

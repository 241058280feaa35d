package dev.athanor.otp.task;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What a task does. A plain lambda may block: it runs on a virtual thread. Work that computes for
/// long goes through [#computing] to the pool of workers; work that is a stage already goes through
/// [#stage] and needs no thread at all.
///
/// What it returns is the outcome of the task; what it throws is the end of the task, with
/// [dev.athanor.otp.process.ExitReason.Crashed], or with a reason of its own when it throws a
/// [TaskExit]. When the task is ended from outside, the thread of its work is interrupted.
///
/// @param <T> what it returns
@FunctionalInterface
public interface Work<T extends @Nullable Object> {
  /// Does the work, once.
  ///
  /// @return the outcome
  /// @throws Exception ends the task
  T run() throws Exception;

  /// Begins work that goes on without a thread.
  ///
  /// @param <T> what it completes with
  @FunctionalInterface
  interface Stage<T extends @Nullable Object> {
    /// Begins, on an event loop, in a callback of the task: must not block.
    ///
    /// @return completes with the outcome
    /// @throws Exception ends the task
    CompletionStage<T> begin() throws Exception;
  }

  /// The same work on the pool of workers, which has as many threads as the machine has cores.
  ///
  /// @param work what keeps a core busy
  /// @param <T> what it returns
  /// @return the work
  static <T extends @Nullable Object> Work<T> computing(Work<T> work) {
    return new ComputingWork<>(work);
  }

  /// Work that is a stage: asynchronous I/O, a call to a server. When the task is ended from
  /// outside, the outcome of the stage is dropped; the stage is not cancelled.
  ///
  /// @param stage begins it
  /// @param <T> what it completes with
  /// @return the work
  static <T extends @Nullable Object> Work<T> stage(Stage<T> stage) {
    return new StagedWork<>(stage);
  }
}

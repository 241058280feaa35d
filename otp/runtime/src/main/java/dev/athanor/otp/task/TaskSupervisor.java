package dev.athanor.otp.task;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.server.ServerDown;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.supervisor.ChildAnswer;
import dev.athanor.otp.supervisor.ChildInfo;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.DynamicSupervisor;
import dev.athanor.otp.supervisor.DynamicSupervisor.Command;
import dev.athanor.otp.supervisor.Restart;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A supervisor of tasks: a [DynamicSupervisor] whose children do one piece of work each. It bounds
/// how many there are, ends them all when it ends, and lets tasks crash without their owner.
///
/// All functions may be called from any thread. Corresponds to Elixir's `Task.Supervisor`.
public final class TaskSupervisor {
  private TaskSupervisor() {}

  /// A permanent child that supervises tasks.
  ///
  /// @param id its id
  /// @param options how many tasks, and how many restarts of those that are restarted
  /// @param server its name
  /// @return the spec
  public static ChildSpec child(
      Object id, DynamicSupervisor.Options options, ServerOptions server) {
    return DynamicSupervisor.child(id, options, server);
  }

  /// Starts one that is linked to nobody.
  ///
  /// @param node where
  /// @param options how many tasks
  /// @param server its name
  /// @return the outcome
  public static CompletionStage<StartResult<Command>> start(
      Node node, DynamicSupervisor.Options options, ServerOptions server) {
    return DynamicSupervisor.start(node, options, server);
  }

  /// Starts one linked to the calling process, which is its parent.
  ///
  /// @param parent the calling process
  /// @param options how many tasks
  /// @param server its name
  /// @return the outcome
  public static CompletionStage<StartResult<Command>> startLink(
      Self<?> parent, DynamicSupervisor.Options options, ServerOptions server) {
    return DynamicSupervisor.startLink(parent, options, server);
  }

  /// Starts a supervised task that is linked to the calling process as well. Its work begins when
  /// the supervisor has it; if it has no room or is gone, the task exits with
  /// `ExitReason.of(ChildAnswer.MAX_CHILDREN)`, or [ExitReason#NO_PROCESS].
  ///
  /// @param owner the calling process
  /// @param supervisor the supervisor
  /// @param work what to do
  /// @param <T> what it returns
  /// @return the task
  public static <T extends @Nullable Object> Task<T> async(
      Self<?> owner, Pid<Command> supervisor, Work<T> work) {
    return adopted(supervisor, Task.linked(owner, work, Task.chain(owner.pid()), true));
  }

  /// Starts a supervised task whose end harms nobody: whoever waits for it gets its reason.
  /// Otherwise as [#async].
  ///
  /// @param supervisor the supervisor
  /// @param work what to do
  /// @param <T> what it returns
  /// @return the task
  public static <T extends @Nullable Object> Task<T> asyncNoLink(
      Pid<Command> supervisor, Work<T> work) {
    return adopted(supervisor, Task.unlinked(supervisor.node(), work, true));
  }

  /// Starts supervised work whose outcome nobody waits for; it is not restarted.
  ///
  /// @param supervisor the supervisor
  /// @param work what to do
  /// @return the outcome of the start; failed with [ChildAnswer#MAX_CHILDREN] without room
  public static CompletionStage<StartResult<?>> startChild(Pid<Command> supervisor, Work<?> work) {
    return startChild(supervisor, Restart.TEMPORARY, work);
  }

  /// Starts supervised work whose outcome nobody waits for.
  ///
  /// @param supervisor the supervisor
  /// @param restart whether the work is done again when it failed, or always
  /// @param work what to do
  /// @return the outcome of the start; failed with [ChildAnswer#MAX_CHILDREN] without room
  public static CompletionStage<StartResult<?>> startChild(
      Pid<Command> supervisor, Restart restart, Work<?> work) {
    return DynamicSupervisor.startChild(supervisor, Task.child("task", work).restart(restart));
  }

  /// Ends a task.
  ///
  /// @param supervisor the supervisor
  /// @param task the process of the task
  /// @return [ChildAnswer#OK] or [ChildAnswer#NOT_FOUND]
  public static CompletionStage<ChildAnswer> terminateChild(Pid<Command> supervisor, Pid<?> task) {
    return DynamicSupervisor.terminateChild(supervisor, task);
  }

  /// The processes of the tasks that run, in no particular order.
  ///
  /// @param supervisor the supervisor
  /// @return their pids
  public static CompletionStage<List<Pid<?>>> children(Pid<Command> supervisor) {
    return DynamicSupervisor.whichChildren(supervisor)
        .thenApply(
            all -> all.stream().<Pid<?>>map(ChildInfo::pid).filter(Objects::nonNull).toList());
  }

  /// The task exists already and waits; its supervisor links itself to it and lets it begin.
  static <T extends @Nullable Object> Task<T> adopted(Pid<Command> supervisor, Task<T> task) {
    ChildSpec spec =
        ChildSpec.of(
                "task",
                parent -> {
                  parent.link(task.pid());
                  task.begin();
                  return CompletableFuture.completedStage(new StartResult.Started<>(task.pid()));
                })
            .restart(Restart.TEMPORARY);
    DynamicSupervisor.startChild(supervisor, spec)
        .whenComplete(
            (result, failure) -> {
              switch (result) {
                case null -> task.quit(reasonOf(failure));
                case StartResult.Failed<?> refused -> task.quit(refused.reason());
                case StartResult.Started<?> _,
                    StartResult.Ignored<?> _,
                    StartResult.AlreadyStarted<?> _ -> {}
              }
            });
    return task;
  }

  private static ExitReason reasonOf(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof ServerDown down
        ? down.reason()
        : new ExitReason.Crashed(
            cause != null ? cause : new IllegalStateException("the supervisor did not answer"));
  }
}

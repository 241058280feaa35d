package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.StartResult;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A process that starts its children in order, restarts them by its strategy when they end, and
/// stops them in reverse order.
///
/// When a child cannot start, those started before it are stopped and the start of the supervisor
/// fails with [FailedToStart]. When more restarts are needed than the intensity allows, it stops
/// its children and itself with `shutdown`, and its own supervisor has to see to it. A restart that
/// fails is tried again, each attempt counting as a restart. All functions may be called from any
/// thread; they fail as [GenServer#call] does, but wait without limit.
///
/// Corresponds to OTP's `supervisor`.
public final class Supervisor {
  /// What a supervisor understands.
  public sealed interface Command {}

  record StartChild(ChildSpec spec) implements Command, Request<StartResult<?>> {}

  record TerminateChild(Object id) implements Command, Request<ChildAnswer> {}

  record RestartChild(Object id) implements Command, Request<StartResult<?>> {}

  record DeleteChild(Object id) implements Command, Request<ChildAnswer> {}

  record WhichChildren() implements Command, Request<List<ChildInfo>> {}

  record CountChildren() implements Command, Request<ChildCount> {}

  record FindChild(Object id) implements Command, Request<Found> {}

  /// The answer to [FindChild].
  record Found(@Nullable ChildSpec spec, @Nullable Pid<?> pid, Collection<Object> ids) {}

  /// A call to a supervisor may have to wait for children to start or stop.
  static final Duration PATIENCE = Duration.ofDays(365);

  private Supervisor() {}

  /// Starts a supervisor that is linked to nobody.
  ///
  /// @param node where
  /// @param spec its children
  /// @return the outcome, when all children are up
  public static CompletionStage<StartResult<Command>> start(Node node, SupervisorSpec spec) {
    return start(node, spec, ServerOptions.DEFAULT);
  }

  /// Starts a supervisor that is linked to nobody.
  ///
  /// @param node where
  /// @param spec its children
  /// @param options its name
  /// @return the outcome, when all children are up
  public static CompletionStage<StartResult<Command>> start(
      Node node, SupervisorSpec spec, ServerOptions options) {
    return GenServer.start(node, new SupervisorProcess(spec), options);
  }

  /// Starts a supervisor linked to the calling process, which is its parent.
  ///
  /// @param parent the calling process
  /// @param spec its children
  /// @return the outcome, when all children are up
  public static CompletionStage<StartResult<Command>> startLink(
      Self<?> parent, SupervisorSpec spec) {
    return startLink(parent, spec, ServerOptions.DEFAULT);
  }

  /// Starts a supervisor linked to the calling process, which is its parent.
  ///
  /// @param parent the calling process
  /// @param spec its children
  /// @param options its name
  /// @return the outcome, when all children are up
  public static CompletionStage<StartResult<Command>> startLink(
      Self<?> parent, SupervisorSpec spec, ServerOptions options) {
    return GenServer.startLink(parent, new SupervisorProcess(spec), options);
  }

  /// Adds a child and starts it.
  ///
  /// @param supervisor the supervisor
  /// @param spec the child
  /// @return the outcome; `AlreadyStarted` when the id runs, failed with
  ///   [ChildAnswer#ALREADY_PRESENT] when it is known and does not run, with
  ///   [ChildAnswer#RESTARTING] when its restart failed and is tried again; a child that failed to
  ///   start is not added
  public static CompletionStage<StartResult<?>> startChild(
      Pid<Command> supervisor, ChildSpec spec) {
    return GenServer.<StartResult<?>, StartChild>call(supervisor, new StartChild(spec), PATIENCE);
  }

  /// Stops a child and keeps its spec, unless it is temporary.
  ///
  /// @param supervisor the supervisor
  /// @param id the child
  /// @return [ChildAnswer#OK], also when it did not run, or [ChildAnswer#NOT_FOUND]
  public static CompletionStage<ChildAnswer> terminateChild(Pid<Command> supervisor, Object id) {
    return GenServer.<ChildAnswer, TerminateChild>call(
        supervisor, new TerminateChild(id), PATIENCE);
  }

  /// Starts a child that was terminated, or that ended and is not restarted by itself.
  ///
  /// @param supervisor the supervisor
  /// @param id the child
  /// @return the outcome; failed with [ChildAnswer#RUNNING], [ChildAnswer#RESTARTING] or
  ///   [ChildAnswer#NOT_FOUND] when it cannot be started
  public static CompletionStage<StartResult<?>> restartChild(Pid<Command> supervisor, Object id) {
    return GenServer.<StartResult<?>, RestartChild>call(supervisor, new RestartChild(id), PATIENCE);
  }

  /// Forgets a child that does not run.
  ///
  /// @param supervisor the supervisor
  /// @param id the child
  /// @return [ChildAnswer#OK], [ChildAnswer#RUNNING], [ChildAnswer#RESTARTING] or
  ///   [ChildAnswer#NOT_FOUND]
  public static CompletionStage<ChildAnswer> deleteChild(Pid<Command> supervisor, Object id) {
    return GenServer.<ChildAnswer, DeleteChild>call(supervisor, new DeleteChild(id), PATIENCE);
  }

  /// All children, the last started first, as OTP lists them.
  ///
  /// @param supervisor the supervisor
  /// @return the children
  public static CompletionStage<List<ChildInfo>> whichChildren(Pid<Command> supervisor) {
    return GenServer.<List<ChildInfo>, WhichChildren>call(
        supervisor, new WhichChildren(), PATIENCE);
  }

  /// Counts the children.
  ///
  /// @param supervisor the supervisor
  /// @return the counts
  public static CompletionStage<ChildCount> countChildren(Pid<Command> supervisor) {
    return GenServer.<ChildCount, CountChildren>call(supervisor, new CountChildren(), PATIENCE);
  }

  /// The process of one child, for callers to whom its absence is a failure.
  ///
  /// @param supervisor the supervisor
  /// @param id the child
  /// @return its pid; fails with [NoSuchElementException], saying what was probably meant, when
  ///   there is no such child, and with [IllegalStateException] when it does not run
  public static CompletionStage<Pid<?>> child(Pid<Command> supervisor, Object id) {
    return find(supervisor, id)
        .thenApply(
            found -> {
              if (found.pid() == null) {
                throw new IllegalStateException(
                    "child '"
                        + id
                        + "' of "
                        + supervisor
                        + " does not run; it ended for good or is about to be restarted");
              }
              return found.pid();
            });
  }

  /// The spec of one child, as the supervisor has it (`get_childspec/2`).
  ///
  /// @param supervisor the supervisor
  /// @param id the child
  /// @return the spec; fails with [NoSuchElementException], saying what was probably meant, when
  ///   there is no such child
  public static CompletionStage<ChildSpec> childSpec(Pid<Command> supervisor, Object id) {
    return find(supervisor, id).thenApply(found -> Objects.requireNonNull(found.spec(), "spec"));
  }

  private static CompletionStage<Found> find(Pid<Command> supervisor, Object id) {
    return GenServer.<Found, FindChild>call(supervisor, new FindChild(id), PATIENCE)
        .thenApply(
            found -> {
              if (found.spec() == null) {
                throw new NoSuchElementException(
                    supervisor + " has no child '" + id + "'" + Meant.among(id, found.ids()));
              }
              return found;
            });
  }
}

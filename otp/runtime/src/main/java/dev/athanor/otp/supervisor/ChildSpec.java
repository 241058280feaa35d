package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.StartResult;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// What a supervisor has to know of a child.
///
/// @param id any immutable value, unique among the children of one supervisor
/// @param start how to start it
/// @param restart when to start it again; [Restart#PERMANENT] by default
/// @param shutdown how to stop it; within 5 seconds by default, a supervisor without limit
/// @param type worker or supervisor
/// @param significant whether its end counts for [AutoShutdown]; not by default
public record ChildSpec(
    Object id,
    ChildStart start,
    Restart restart,
    Shutdown shutdown,
    Type type,
    boolean significant) {
  /// What sort of process a child is.
  public enum Type {
    /// Does the work.
    WORKER,
    /// Supervises others.
    SUPERVISOR
  }

  private static final Shutdown PATIENCE = Shutdown.within(Duration.ofSeconds(5));

  /// Refuses a significant child that is always restarted.
  public ChildSpec {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(restart, "restart");
    Objects.requireNonNull(shutdown, "shutdown");
    Objects.requireNonNull(type, "type");
    if (significant && restart == Restart.PERMANENT) {
      throw new IllegalArgumentException(
          "child '"
              + id
              + "' cannot be significant and permanent: it never ends for good; make it"
              + " transient or temporary");
    }
  }

  /// A permanent worker.
  ///
  /// @param id its id
  /// @param start how to start it
  /// @return the spec
  public static ChildSpec of(Object id, ChildStart start) {
    return new ChildSpec(id, start, Restart.PERMANENT, PATIENCE, Type.WORKER, false);
  }

  /// A permanent server.
  ///
  /// @param id its id
  /// @param server makes its callbacks, anew for every start
  /// @param <M> its protocol
  /// @param <S> its state
  /// @return the spec
  public static <M, S> ChildSpec server(Object id, Supplier<? extends GenServer<M, S>> server) {
    return server(id, server, ServerOptions.DEFAULT);
  }

  /// A permanent server with options, a name for instance.
  ///
  /// @param id its id
  /// @param server makes its callbacks, anew for every start
  /// @param options name, kind, limits
  /// @param <M> its protocol
  /// @param <S> its state
  /// @return the spec
  public static <M, S> ChildSpec server(
      Object id, Supplier<? extends GenServer<M, S>> server, ServerOptions options) {
    return of(id, supervisor -> GenServer.startLink(supervisor, server.get(), options));
  }

  /// A permanent plain process, which counts as started as soon as it is spawned.
  ///
  /// @param id its id
  /// @param behavior makes its callbacks, anew for every start
  /// @param <M> its messages
  /// @return the spec
  public static <M> ChildSpec process(Object id, Supplier<? extends Behavior<M>> behavior) {
    return of(
        id,
        supervisor ->
            CompletableFuture.completedStage(
                new StartResult.Started<M>(supervisor.<M>spawnLink(behavior.get()))));
  }

  /// A permanent supervisor.
  ///
  /// @param id its id
  /// @param spec its children
  /// @return the spec
  public static ChildSpec supervisor(Object id, SupervisorSpec spec) {
    return of(id, parent -> Supervisor.startLink(parent, spec)).supervisor();
  }

  /// The same with another rule of restart.
  ///
  /// @param value the rule
  /// @return the spec
  public ChildSpec restart(Restart value) {
    return new ChildSpec(id, start, value, shutdown, type, significant);
  }

  /// The same with another way to stop it.
  ///
  /// @param value the way
  /// @return the spec
  public ChildSpec shutdown(Shutdown value) {
    return new ChildSpec(id, start, restart, value, type, significant);
  }

  /// The same as a supervisor, which is stopped without limit.
  ///
  /// @return the spec
  public ChildSpec supervisor() {
    return new ChildSpec(id, start, restart, Shutdown.infinite(), Type.SUPERVISOR, significant);
  }

  /// The same, significant or not.
  ///
  /// @param value whether its end counts
  /// @return the spec
  public ChildSpec significant(boolean value) {
    return new ChildSpec(id, start, restart, shutdown, type, value);
  }
}

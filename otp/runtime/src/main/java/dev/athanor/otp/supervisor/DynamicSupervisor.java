package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.StartResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// A supervisor that begins without children and is given them one by one, as many as there are
/// matches or connections. Children are known by their pid, not by an id, are restarted one for
/// one, and are stopped all at once in no particular order. Unlike with OTP, a child that takes its
/// time to start does not keep others from starting.
///
/// Corresponds to Elixir's `DynamicSupervisor`.
public final class DynamicSupervisor {
  /// What a dynamic supervisor understands.
  public sealed interface Command {}

  record StartChild(ChildSpec spec) implements Command, Request<StartResult<?>> {}

  record TerminateChild(Pid<?> pid) implements Command, Request<ChildAnswer> {}

  record WhichChildren() implements Command, Request<List<ChildInfo>> {}

  record CountChildren() implements Command, Request<ChildCount> {}

  /// What a dynamic supervisor tolerates.
  ///
  /// @param maxChildren how many children it may have at a time, starting ones included
  /// @param intensity how many restarts within the period are too many if exceeded
  /// @param period the period
  /// @param extraArguments what every child made by [DynamicSupervisor#withExtra] is given
  public record Options(
      int maxChildren, int intensity, Duration period, List<Object> extraArguments) {
    /// Any number of children, 3 restarts in 5 seconds, no extra arguments.
    public static final Options DEFAULT =
        new Options(Integer.MAX_VALUE, 3, Duration.ofSeconds(5), List.of());

    /// Refuses negative numbers and an empty period.
    public Options {
      if (maxChildren < 0 || intensity < 0 || period.isNegative() || period.isZero()) {
        throw new IllegalArgumentException(
            "maxChildren and intensity must be 0 or more and period above zero, got "
                + maxChildren
                + ", "
                + intensity
                + ", "
                + period);
      }
      extraArguments = List.copyOf(extraArguments);
    }

    /// The same with a bound.
    ///
    /// @param value how many children it may have
    /// @return the options
    public Options maxChildren(int value) {
      return new Options(value, intensity, period, extraArguments);
    }

    /// The same with another intensity.
    ///
    /// @param restarts how many restarts it tolerates
    /// @param within in what time
    /// @return the options
    public Options intensity(int restarts, Duration within) {
      return new Options(maxChildren, restarts, within, extraArguments);
    }

    /// The same with arguments for all children (`extra_arguments`).
    ///
    /// @param values immutable values
    /// @return the options
    public Options extraArguments(Object... values) {
      return new Options(maxChildren, intensity, period, List.of(values));
    }
  }

  /// Starts a child with the extra arguments of its supervisor.
  @FunctionalInterface
  public interface StartWithExtra {
    /// Spawns a process linked to the supervisor, as [ChildStart#start] does.
    ///
    /// @param supervisor the supervisor
    /// @param extraArguments those of its options
    /// @return the outcome
    /// @throws Exception is a start that failed
    CompletionStage<? extends StartResult<?>> start(Self<?> supervisor, List<Object> extraArguments)
        throws Exception;
  }

  record ExtraStart(StartWithExtra function) implements ChildStart {
    @Override
    public CompletionStage<? extends StartResult<?>> start(Self<?> supervisor) {
      throw new IllegalStateException(
          "a child made by DynamicSupervisor.withExtra needs a dynamic supervisor, got one that has"
              + " no extra arguments; start it with DynamicSupervisor.startChild");
    }
  }

  private DynamicSupervisor() {}

  /// A start that is given the extra arguments of the dynamic supervisor it runs under, for
  /// [ChildSpec#of].
  ///
  /// @param start the function
  /// @return the start; under any other supervisor it fails
  public static ChildStart withExtra(StartWithExtra start) {
    return new ExtraStart(start);
  }

  /// A permanent child that is a dynamic supervisor.
  ///
  /// @param id its id
  /// @param options what it tolerates
  /// @param server its name
  /// @return the spec
  public static ChildSpec child(Object id, Options options, ServerOptions server) {
    return ChildSpec.of(id, parent -> startLink(parent, options, server)).supervisor();
  }

  /// Starts one that is linked to nobody.
  ///
  /// @param node where
  /// @param options what it tolerates
  /// @param server its name
  /// @return the outcome
  public static CompletionStage<StartResult<Command>> start(
      Node node, Options options, ServerOptions server) {
    return GenServer.start(node, new DynamicSupervisorProcess(options), server);
  }

  /// Starts one linked to the calling process, which is its parent.
  ///
  /// @param parent the calling process
  /// @param options what it tolerates
  /// @param server its name
  /// @return the outcome
  public static CompletionStage<StartResult<Command>> startLink(
      Self<?> parent, Options options, ServerOptions server) {
    return GenServer.startLink(parent, new DynamicSupervisorProcess(options), server);
  }

  /// Starts a child.
  ///
  /// @param supervisor the supervisor
  /// @param spec the child; its id need not be unique
  /// @return the outcome; failed with [ChildAnswer#MAX_CHILDREN] when there is no room
  public static CompletionStage<StartResult<?>> startChild(
      Pid<Command> supervisor, ChildSpec spec) {
    return GenServer.<StartResult<?>, StartChild>call(
        supervisor, new StartChild(spec), Supervisor.PATIENCE);
  }

  /// Starts a server as a child, as `startChild` with [ChildSpec#server] does, and returns a pid of
  /// its type.
  ///
  /// @param supervisor the supervisor
  /// @param restart when to start it again
  /// @param server makes its callbacks, anew for every start
  /// @param options its name
  /// @param <M> its protocol
  /// @param <S> its state
  /// @return the outcome
  @SuppressWarnings("unchecked")
  public static <M, S> CompletionStage<StartResult<M>> startServer(
      Pid<Command> supervisor,
      Restart restart,
      Supplier<? extends GenServer<M, S>> server,
      ServerOptions options) {
    ChildSpec spec = ChildSpec.server("server", server, options).restart(restart);
    return startChild(supervisor, spec).thenApply(result -> (StartResult<M>) result);
  }

  /// Stops a child and forgets it.
  ///
  /// @param supervisor the supervisor
  /// @param pid the child
  /// @return [ChildAnswer#OK] or [ChildAnswer#NOT_FOUND]
  public static CompletionStage<ChildAnswer> terminateChild(Pid<Command> supervisor, Pid<?> pid) {
    return GenServer.<ChildAnswer, TerminateChild>call(
        supervisor, new TerminateChild(pid), Supervisor.PATIENCE);
  }

  /// All children, in no particular order.
  ///
  /// @param supervisor the supervisor
  /// @return the children
  public static CompletionStage<List<ChildInfo>> whichChildren(Pid<Command> supervisor) {
    return GenServer.<List<ChildInfo>, WhichChildren>call(
        supervisor, new WhichChildren(), Supervisor.PATIENCE);
  }

  /// Counts the children.
  ///
  /// @param supervisor the supervisor
  /// @return the counts
  public static CompletionStage<ChildCount> countChildren(Pid<Command> supervisor) {
    return GenServer.<ChildCount, CountChildren>call(
        supervisor, new CountChildren(), Supervisor.PATIENCE);
  }
}

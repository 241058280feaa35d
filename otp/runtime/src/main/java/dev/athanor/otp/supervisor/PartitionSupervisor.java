package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.StartResult;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Several copies of one child under a supervisor, and a way from a key to the copy responsible for
/// it: what relieves a process that everybody talks to.
///
/// This object is the description: immutable, usually a constant, usable from any thread and on any
/// node. The supervisor has its name as a local name, and the copies have `name/0`, `name/1` and so
/// on. A whole number goes to the copy with the number `|key| mod partitions`, any other key to one
/// chosen by its `hashCode`. A copy that is being restarted is missing for that time; keys never
/// move.
///
/// Corresponds to Elixir's `PartitionSupervisor`.
///
/// @param <M> the messages of the copies
public final class PartitionSupervisor<M> {
  private final String name;
  private final IntFunction<ChildSpec> partition;
  private final SupervisorSpec shape;
  private final List<Name> names;

  private PartitionSupervisor(
      String name, int partitions, IntFunction<ChildSpec> partition, SupervisorSpec shape) {
    this.name = name;
    this.partition = partition;
    this.shape = shape;
    List<Name> all = new ArrayList<>(partitions);
    for (int i = 0; i < partitions; i++) {
      all.add(Name.local(name + "/" + i));
    }
    this.names = List.copyOf(all);
  }

  /// As many copies as the machine has cores.
  ///
  /// @param name the local name
  /// @param partition the child with this number; its id is replaced by the number
  /// @param <M> the messages of the copies
  /// @return the description
  public static <M> PartitionSupervisor<M> of(String name, IntFunction<ChildSpec> partition) {
    return of(name, Runtime.getRuntime().availableProcessors(), partition);
  }

  /// So many copies.
  ///
  /// @param name the local name
  /// @param partitions at least 1
  /// @param partition the child with this number; its id is replaced by the number
  /// @param <M> the messages of the copies
  /// @return the description
  public static <M> PartitionSupervisor<M> of(
      String name, int partitions, IntFunction<ChildSpec> partition) {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "a partition supervisor needs at least 1 partition, got " + partitions);
    }
    return new PartitionSupervisor<>(
        name, partitions, partition, SupervisorSpec.of(Strategy.ONE_FOR_ONE));
  }

  /// The same with another strategy; one for one by default.
  ///
  /// @param value whom to restart
  /// @return the description
  public PartitionSupervisor<M> strategy(Strategy value) {
    return new PartitionSupervisor<>(
        name,
        names.size(),
        partition,
        SupervisorSpec.of(value).intensity(shape.intensity(), shape.period()));
  }

  /// The same with another intensity; 3 restarts in 5 seconds by default.
  ///
  /// @param restarts how many restarts it tolerates
  /// @param within in what time
  /// @return the description
  public PartitionSupervisor<M> intensity(int restarts, Duration within) {
    return new PartitionSupervisor<>(
        name, names.size(), partition, shape.intensity(restarts, within));
  }

  /// It as a permanent child of another supervisor, with its name as the id.
  ///
  /// @return the spec
  public ChildSpec child() {
    return ChildSpec.of(name, this::startLink).supervisor();
  }

  /// Starts it, linked to nobody.
  ///
  /// @param node where
  /// @return the outcome, when all copies are up
  public CompletionStage<StartResult<Supervisor.Command>> start(Node node) {
    return Supervisor.start(node, spec(), ServerOptions.named(name));
  }

  /// Starts it linked to the calling process, which is its parent.
  ///
  /// @param parent the calling process
  /// @return the outcome, when all copies are up
  public CompletionStage<StartResult<Supervisor.Command>> startLink(Self<?> parent) {
    return Supervisor.startLink(parent, spec(), ServerOptions.named(name));
  }

  /// How many copies there are.
  ///
  /// @return at least 1
  public int partitions() {
    return names.size();
  }

  /// The number of the copy that is responsible for a key.
  ///
  /// @param key a whole number, or any value with a hashCode
  /// @return from 0 to `partitions() - 1`
  public int partition(Object key) {
    int count = names.size();
    return switch (key) {
      case Integer n -> Math.abs(n % count);
      case Long n -> (int) Math.abs(n % count);
      case Short n -> Math.abs(n % count);
      case Byte n -> Math.abs(n % count);
      case BigInteger n -> n.abs().mod(BigInteger.valueOf(count)).intValue();
      default -> {
        int hash = key.hashCode() * 0x9E3779B9;
        yield Math.floorMod(hash ^ (hash >>> 15), count);
      }
    };
  }

  /// The name of the copy that is responsible for a key (`{:via, PartitionSupervisor, ..}`).
  ///
  /// @param key a whole number, or any value with a hashCode
  /// @return its name
  public Name via(Object key) {
    return names.get(partition(key));
  }

  /// The copy that is responsible for a key.
  ///
  /// @param node where
  /// @param key a whole number, or any value with a hashCode
  /// @return its pid, or null while it does not run
  @SuppressWarnings("unchecked")
  public @Nullable Pid<M> whereis(Node node, Object key) {
    return (Pid<M>) via(key).whereis(node);
  }

  private SupervisorSpec spec() {
    List<ChildSpec> children = new ArrayList<>(names.size());
    for (int i = 0; i < names.size(); i++) {
      ChildSpec copy = partition.apply(i);
      Name own = names.get(i);
      children.add(
          new ChildSpec(
              i,
              supervisor -> copy.start().start(supervisor).thenApply(result -> named(own, result)),
              copy.restart(),
              copy.shutdown(),
              copy.type(),
              copy.significant()));
    }
    return new SupervisorSpec(
        shape.strategy(), shape.intensity(), shape.period(), AutoShutdown.NEVER, children);
  }

  private static StartResult<?> named(Name own, StartResult<?> result) {
    if (result instanceof StartResult.Started<?>(Pid<?> pid) && pid.isAlive()) {
      Pid<?> holder = claim(own, pid);
      if (holder != null && !holder.equals(pid)) {
        pid.node().exit(pid, ExitReason.KILL);
        return new StartResult.AlreadyStarted<>(holder);
      }
    }
    return result;
  }

  private static @Nullable Pid<?> claim(Name own, Pid<?> pid) {
    try {
      return own.claim(pid);
    } catch (IllegalArgumentException refused) {
      if (pid.isAlive()) {
        throw refused;
      }
      return null;
    }
  }
}

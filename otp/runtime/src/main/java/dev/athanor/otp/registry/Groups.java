package dev.athanor.otp.registry;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// Groups of processes on this node, under any names (the module pg, with one scope and the local
/// members only).
///
/// A process may join a group several times; it is a member as often, and leaves once for each.
/// Whoever exits has left all its groups before anybody hears of its exit. A group is there while
/// it has members. A monitor is told of everybody who joins and leaves, in the order in which it
/// happened, without a gap after the members it was given at first.
///
/// Any thread may call any method. Members are found without a lock; joining and leaving cost the
/// same however many members a group has.
public final class Groups<G> {

  private final Registry<G, Boolean> registry;

  private Groups(Registry<G, Boolean> registry) {
    this.registry = registry;
  }

  /// Makes a scope of its own, without groups.
  ///
  /// @param node whose processes join
  /// @param scope its name, for who looks at it
  public static <G> Groups<G> create(Node node, String scope) {
    return new Groups<>(Registry.<G, Boolean>duplicate(scope).create(node));
  }

  /// Makes a process a member, once more if it is one.
  ///
  /// @return false if the process has exited
  public boolean join(G group, Pid<?> pid) {
    return registry.register(pid, group, true) instanceof Registration.Registered;
  }

  /// Makes several processes members, in their order.
  public void join(G group, Collection<? extends Pid<?>> pids) {
    pids.forEach(pid -> join(group, pid));
  }

  /// Takes a process out of a group, once.
  ///
  /// @return false if it was no member (pg: `not_joined`)
  public boolean leave(G group, Pid<?> pid) {
    return registry.unregisterOne(pid, group);
  }

  /// Takes several processes out of a group, each once for each time it stands in the list.
  ///
  /// @return false if none of them was a member
  public boolean leave(G group, Collection<? extends Pid<?>> pids) {
    boolean left = false;
    for (Pid<?> pid : pids) {
      left |= leave(group, pid);
    }
    return left;
  }

  /// The members, in the order in which they joined, each as often as it did. A copy; for many,
  /// [#each] makes none.
  public List<Pid<?>> members(G group) {
    return registry.pids(group);
  }

  /// Shows each member, on the caller's thread and without copying; who joins or leaves meanwhile
  /// may or may not be shown.
  public void each(G group, Consumer<? super Pid<?>> action) {
    registry.dispatch(group, (pid, joined) -> action.accept(pid));
  }

  /// How many times processes are in a group; costs the same however many.
  public long size(G group) {
    return registry.count(group);
  }

  /// The groups that have members (pg:which_groups).
  public List<G> groups() {
    return registry.keys();
  }

  /// The groups of a process, one as often as it joined.
  public List<G> groupsOf(Pid<?> pid) {
    return registry.keys(pid);
  }

  /// Tells a process of everybody who joins or leaves a group from now on, in the process's own
  /// protocol, until it ends the monitor or exits (pg:monitor). The group need not have members.
  ///
  /// @return the members now, and what ends the monitor
  public <M> Monitor monitor(
      G group, Pid<M> watcher, Function<? super Change<G>, ? extends M> message) {
    return registry.watch(group, watcher, change -> watcher.send(message.apply(change)));
  }

  /// Tells a process of everybody who joins or leaves any group from now on, groups that are yet to
  /// come included, until it ends the monitor or exits (pg:monitor_scope).
  ///
  /// @return the groups and their members now, and what ends the monitor
  public <M> ScopeMonitor<G> monitorScope(
      Pid<M> watcher, Function<? super Change<G>, ? extends M> message) {
    return registry.watch(watcher, change -> watcher.send(message.apply(change)));
  }

  /// What a monitor hears.
  public sealed interface Change<G> {
    /// The group.
    G group();

    /// Who joined or left.
    Pid<?> pid();
  }

  /// A process joined, maybe not for the first time.
  public record Joined<G>(G group, Pid<?> pid) implements Change<G> {}

  /// A process left, or exited; once for each time it had joined.
  public record Left<G>(G group, Pid<?> pid) implements Change<G> {}

  /// A monitor on a group.
  public static final class Monitor {
    private final List<Pid<?>> members;
    private final Runnable end;

    Monitor(List<Pid<?>> members, Runnable end) {
      this.members = members;
      this.end = end;
    }

    /// Who was in the group when the monitor began; everything the watcher hears came later.
    public List<Pid<?>> members() {
      return members;
    }

    /// Ends it (pg:demonitor); nothing is sent after this returns. Idempotent.
    public void end() {
      end.run();
    }
  }

  /// A monitor on a whole scope.
  public static final class ScopeMonitor<G> {
    private final Map<G, List<Pid<?>>> members;
    private final Runnable end;

    ScopeMonitor(Map<G, List<Pid<?>>> members, Runnable end) {
      this.members = Map.copyOf(members);
      this.end = end;
    }

    /// The groups that had members when the monitor began, and who they were; everything the
    /// watcher hears of a group came later.
    public Map<G, List<Pid<?>>> members() {
      return members;
    }

    /// Ends it (pg:demonitor); nothing is sent after this returns. Idempotent.
    public void end() {
      end.run();
    }
  }
}

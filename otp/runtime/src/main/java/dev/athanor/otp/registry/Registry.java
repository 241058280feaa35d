package dev.athanor.otp.registry;

import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.telemetry.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Processes under keys, each with a value: one process a key (unique) or as many as like
/// (duplicate). Names with more than a string, and local publish and subscribe, are made of it.
///
/// Any thread may call any method. Finding takes no lock; registering and leaving cost the same
/// however many processes share a key. The entries of a process are gone before anybody hears that
/// it exited. Keys and values are immutable and not null. Corresponds to Elixir's Registry.
public final class Registry<K, V> {

  private final Node node;
  private final String name;
  private final Directory<K, V> directory;
  private final @Nullable UniqueDirectory<K, V> unique;
  private final List<Consumer<RegistryEvent<K, V>>> listeners;
  private final ConcurrentHashMap<Pid<?>, Holdings<K, V>> holdings = new ConcurrentHashMap<>();
  private final LongAdder size = new LongAdder();

  private Registry(Node node, Builder<K, V> builder) {
    this.node = node;
    this.name = builder.name;
    this.listeners = List.copyOf(builder.listeners);
    this.unique = builder.unique ? new UniqueDirectory<>() : null;
    this.directory = unique == null ? new DuplicateDirectory<>(builder.partitions) : unique;
  }

  /// Starts to describe a registry in which a key has one process.
  public static <K, V> Builder<K, V> unique(String name) {
    return new Builder<>(name, true);
  }

  /// Starts to describe a registry in which a key has any number of processes, and a process may
  /// have a key several times.
  public static <K, V> Builder<K, V> duplicate(String name) {
    return new Builder<>(name, false);
  }

  /// Its name, for who looks at it.
  public String name() {
    return name;
  }

  /// Registers a process, until it leaves or exits.
  public Registration register(Pid<?> pid, K key, V value) {
    Holdings<K, V> held = holdings.get(pid);
    if (held == null) {
      held = new Holdings<>(this, pid);
      Holdings<K, V> earlier = holdings.putIfAbsent(pid, held);
      if (earlier != null) {
        held = earlier;
      } else if (!node.own(pid, held)) {
        held.release();
      }
    }
    synchronized (held) {
      if (held.isGone()) {
        return new Registration.NoProcess();
      }
      Place<K, V> place = new Place<>(held, key, value);
      Place<K, V> holder = directory.enter(place);
      if (holder != null) {
        return new Registration.AlreadyRegistered(holder.pid);
      }
      held.add(place);
      size.increment();
      for (Consumer<RegistryEvent<K, V>> listener : listeners) {
        tell(listener, new RegistryEvent.Register<>(this, key, pid, value));
      }
    }
    return REGISTERED;
  }

  /// A function that makes no message of what happened must not undo it, or half of it.
  private <E> void tell(Consumer<? super E> listener, E event) {
    try {
      listener.accept(event);
    } catch (Throwable failure) {
      node.telemetry()
          .execute(
              Event.of(
                  "athanor.registry.listener_failed",
                  Map.of("registry", this, "event", event, "cause", failure)));
    }
  }

  private static final Registration REGISTERED = new Registration.Registered();

  /// Takes a process from a key, all its entries there; does nothing if it has none.
  public void unregister(Pid<?> pid, K key) {
    unregisterMatch(pid, key, value -> true);
  }

  /// Takes the process's entries from the key whose value the predicate accepts.
  public void unregisterMatch(Pid<?> pid, K key, Predicate<? super V> accepted) {
    Holdings<K, V> held = holdings.get(pid);
    if (held == null) {
      return;
    }
    synchronized (held) {
      if (unique != null) {
        Place<K, V> place = unique.get(key);
        if (place != null && place.holdings == held && accepted.test(place.value)) {
          leave(place);
        }
      } else {
        for (Place<K, V> place : held.under(key)) {
          if (accepted.test(place.value)) {
            leave(place);
          }
        }
      }
    }
  }

  /// Takes the process's oldest entry from the key; answers false if it has none.
  boolean unregisterOne(Pid<?> pid, K key) {
    Holdings<K, V> held = holdings.get(pid);
    if (held == null) {
      return false;
    }
    synchronized (held) {
      Place<K, V> place = held.oldest(key);
      if (place != null) {
        leave(place);
      }
      return place != null;
    }
  }

  List<Pid<?>> pids(K key) {
    List<Pid<?>> pids = new ArrayList<>();
    directory.each(key, place -> pids.add(place.pid));
    return List.copyOf(pids);
  }

  /// Tells of everybody who comes to a key of a duplicate registry with one partition, and leaves
  /// it, until the watcher exits.
  Groups.Monitor watch(K key, Pid<?> watcher, Consumer<? super Groups.Change<K>> told) {
    Watch<K, V> watch = new Watch<>(duplicate(), key, change -> tell(told, change));
    List<Pid<?>> present = duplicate().watch(key, watch);
    return new Groups.Monitor(present, ending(watch, watcher));
  }

  /// The same of every key.
  Groups.ScopeMonitor<K> watch(Pid<?> watcher, Consumer<? super Groups.Change<K>> told) {
    Watch<K, V> watch = new Watch<>(duplicate(), null, change -> tell(told, change));
    Map<K, List<Pid<?>>> present = duplicate().watchAll(watch);
    return new Groups.ScopeMonitor<>(present, ending(watch, watcher));
  }

  private DuplicateDirectory<K, V> duplicate() {
    return (DuplicateDirectory<K, V>) directory;
  }

  private Runnable ending(Watch<K, V> watch, Pid<?> watcher) {
    if (!node.own(watcher, watch)) {
      watch.directory().unwatch(watch);
    }
    return () -> {
      watch.directory().unwatch(watch);
      node.disown(watcher, watch);
    };
  }

  /// Called with the lock of the place's holdings.
  void leave(Place<K, V> place) {
    place.holdings.remove(place);
    directory.leave(place);
    size.decrement();
    for (Consumer<RegistryEvent<K, V>> listener : listeners) {
      tell(listener, new RegistryEvent.Unregister<>(this, place.key, place.pid));
    }
  }

  void forget(Holdings<K, V> held) {
    holdings.remove(held.pid, held);
  }

  /// The process that has a unique key, or null; of a duplicate key, the first one. On a unique
  /// registry a plain lookup that allocates nothing.
  public @Nullable Pid<?> whereis(K key) {
    if (unique != null) {
      Place<K, V> place = unique.get(key);
      return place == null ? null : place.pid;
    }
    List<Entry<V>> all = lookup(key);
    return all.isEmpty() ? null : all.getFirst().pid();
  }

  /// The processes of a key and their values, in the order of their registration; with several
  /// partitions, partition by partition. A copy; for many, [#dispatch] makes none.
  public List<Entry<V>> lookup(K key) {
    return match(key, value -> true);
  }

  /// As [#lookup], only those whose value the predicate accepts.
  public List<Entry<V>> match(K key, Predicate<? super V> accepted) {
    List<Entry<V>> found = new ArrayList<>();
    directory.each(
        key,
        place -> {
          V value = place.value;
          if (accepted.test(value)) {
            found.add(new Entry<>(place.pid, value));
          }
        });
    return List.copyOf(found);
  }

  /// How many of a key's entries have a value that the predicate accepts.
  public long countMatch(K key, Predicate<? super V> accepted) {
    long[] count = new long[1];
    directory.each(key, place -> count[0] += accepted.test(place.value) ? 1 : 0);
    return count[0];
  }

  /// Shows each process of a key and its value, on the caller's thread and without copying; who
  /// registers or leaves meanwhile may or may not be shown. Nothing happens if there is none. What
  /// the action throws reaches the caller and ends the walk.
  public void dispatch(K key, BiConsumer<? super Pid<?>, ? super V> action) {
    directory.each(key, place -> action.accept(place.pid, place.value));
  }

  /// The values that a process has under a key.
  public List<V> values(K key, Pid<?> pid) {
    Holdings<K, V> held = holdings.get(pid);
    return held == null ? List.of() : held.under(key).stream().map(place -> place.value).toList();
  }

  /// The keys of a process, in the order of its registrations; a duplicate key as often as it has
  /// it.
  public List<K> keys(Pid<?> pid) {
    Holdings<K, V> held = holdings.get(pid);
    return held == null ? List.of() : held.keys();
  }

  /// Every key that somebody has, as a snapshot.
  public List<K> keys() {
    List<K> keys = new ArrayList<>();
    directory.keys(keys::add);
    return List.copyOf(keys);
  }

  /// How many entries there are.
  public long count() {
    return size.sum();
  }

  /// How many entries a key has; costs the same however many they are.
  public long count(K key) {
    return directory.count(key);
  }

  /// Changes the value of a process under its unique key; null if it does not have the key.
  ///
  /// @throws UnsupportedOperationException on a duplicate registry
  public @Nullable Updated<V> updateValue(Pid<?> pid, K key, UnaryOperator<V> change) {
    if (unique == null) {
      throw new UnsupportedOperationException(
          "updateValue needs unique keys, registry " + name + " has duplicate ones");
    }
    Place<K, V> place = unique.get(key);
    if (place == null || !place.pid.equals(pid)) {
      return null;
    }
    synchronized (place.holdings) {
      V old = place.value;
      V next = change.apply(old);
      place.value = next;
      return new Updated<>(next, old);
    }
  }

  /// The key as a name to start a process under (`{:via, Registry, {registry, key, value}}`).
  ///
  /// @throws UnsupportedOperationException on a duplicate registry
  public Name via(K key, V value) {
    if (unique == null) {
      throw new UnsupportedOperationException(
          "a name belongs to one process, registry " + name + " has duplicate keys");
    }
    return new Via<>(this, key, value);
  }

  @Override
  public String toString() {
    return "#Registry<" + name + ">";
  }

  /// A process under a key.
  ///
  /// @param pid the process
  /// @param value its value
  public record Entry<V>(Pid<?> pid, V value) {}

  /// A value before and after a change.
  ///
  /// @param next the value now
  /// @param old the value before
  public record Updated<V>(V next, V old) {}

  /// What a registry is to be. Not for several threads.
  public static final class Builder<K, V> {
    private final String name;
    private final boolean unique;
    private final List<Consumer<RegistryEvent<K, V>>> listeners = new ArrayList<>();
    private int partitions = 1;

    private Builder(String name, boolean unique) {
      this.name = name;
      this.unique = unique;
    }

    /// Into how many parts the processes of a duplicate key are split, 1 by default: more let more
    /// threads register at one key at once, and end the order of registration across them. A unique
    /// registry needs none and ignores it.
    public Builder<K, V> partitions(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("a registry has at least one partition, got " + count);
      }
      partitions = count;
      return this;
    }

    /// Tells a process of every registration and its end, in the process's own protocol. An event
    /// of which the function throws is not told; `athanor.registry.listener_failed` says so.
    public <M> Builder<K, V> listener(
        Pid<M> process, Function<? super RegistryEvent<K, V>, ? extends M> message) {
      listeners.add(event -> process.send(message.apply(event)));
      return this;
    }

    /// Makes the registry.
    public Registry<K, V> create(Node node) {
      return new Registry<>(node, this);
    }
  }
}

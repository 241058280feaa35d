package dev.athanor.otp.ets;

import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tables of a node and their names. One instance a node as a rule: names are unique within it.
/// All methods may be called from any thread.
public final class Tables {

  private final Node node;
  private final ConcurrentHashMap<String, Table<?, ?>> names = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Table<?, ?>, Boolean> all = new ConcurrentHashMap<>();

  /// No tables yet.
  ///
  /// @param node whose processes own the tables
  public Tables(Node node) {
    this.node = node;
  }

  /// Makes a table (ets:new).
  ///
  /// @throws TableException.NameTaken if it is named and another table has the name
  /// @throws TableException.NoOwner if no process is named as owner and the caller is none, or the
  ///   owner is dead
  public <K, V> Table<K, V> create(TableSpec<K, V> spec) {
    Table<K, V> table = prepare(spec);
    publish(table, spec);
    return table;
  }

  /// Makes a table that nobody else knows, with the owner it will have.
  <K, V> Table<K, V> prepare(TableSpec<K, V> spec) {
    Pid<?> owner = spec.owner() != null ? spec.owner() : Node.current();
    if (owner == null) {
      throw new TableException.NoOwner(
          "table "
              + spec.name()
              + " needs an owner: create it inside a process, or name one with owner(pid)");
    }
    return new Table<>(this, spec, owner);
  }

  void publish(Table<?, ?> table, TableSpec<?, ?> spec) {
    if (spec.isNamed()) {
      Table<?, ?> holder = names.putIfAbsent(spec.name(), table);
      if (holder != null) {
        throw new TableException.NameTaken(
            "the name " + spec.name() + " is taken by a table of " + holder.owner());
      }
    }
    all.put(table, true);
    Pid<?> owner = table.owner();
    if (!node.own(owner, table.ownership())) {
      table.discard();
      throw new TableException.NoOwner(
          "table " + spec.name() + " needs a live owner, got " + owner + ", which has exited");
    }
  }

  /// The table of that name, or null (ets:whereis). The caller says what its keys and values are; a
  /// wrong claim shows as a ClassCastException at the first use.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <K, V> @Nullable Table<K, V> whereis(String name) {
    return (Table<K, V>) names.get(name);
  }

  /// The table of a name that somebody must have.
  ///
  /// @throws TableException.NoSuchTable if no table has it; says which similar name one has
  @SuppressWarnings("TypeParameterUnusedInFormals")
  public <K, V> Table<K, V> require(String name) {
    Table<K, V> table = this.<K, V>whereis(name);
    if (table == null) {
      String similar = Name.nearest(name, names.keySet());
      throw new TableException.NoSuchTable(
          "no table has the name '"
              + name
              + "'"
              + (similar == null ? "" : "; did you mean '" + similar + "'?"));
    }
    return table;
  }

  /// All tables, named or not (ets:all).
  public Stream<Table<?, ?>> all() {
    return all.keySet().stream();
  }

  void mayBlock(String what) {
    if (node.scheduler().onEventLoop()) {
      throw new IllegalStateException(
          what
              + " blocks, and an event loop must not: expected a process of kind VIRTUAL_THREAD or"
              + " a thread of your own, got "
              + Thread.currentThread().getName());
    }
  }

  Node node() {
    return node;
  }

  void forget(Table<?, ?> table) {
    names.remove(table.name(), table);
    all.remove(table);
  }
}

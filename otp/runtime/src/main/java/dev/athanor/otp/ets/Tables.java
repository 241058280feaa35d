package dev.athanor.otp.ets;

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
    Pid<?> owner = spec.owner() != null ? spec.owner() : Node.current();
    if (owner == null) {
      throw new TableException.NoOwner(
          "table "
              + spec.name()
              + " needs an owner: create it inside a process, or name one with owner(pid)");
    }
    Table<K, V> table = new Table<>(this, spec, owner);
    if (spec.isNamed()) {
      Table<?, ?> holder = names.putIfAbsent(spec.name(), table);
      if (holder != null) {
        throw new TableException.NameTaken(
            "the name " + spec.name() + " is taken by a table of " + holder.owner());
      }
    }
    all.put(table, true);
    if (!node.own(owner, table.ownership())) {
      table.discard();
      throw new TableException.NoOwner(
          "table " + spec.name() + " needs a live owner, got " + owner + ", which has exited");
    }
    return table;
  }

  /// The table of that name, or null (ets:whereis). The caller says what its keys and values are; a
  /// wrong claim shows as a ClassCastException at the first use.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <K, V> @Nullable Table<K, V> whereis(String name) {
    return (Table<K, V>) names.get(name);
  }

  /// All tables, named or not (ets:all).
  public Stream<Table<?, ?>> all() {
    return all.keySet().stream();
  }

  Node node() {
    return node;
  }

  void forget(Table<?, ?> table) {
    names.remove(table.name(), table);
    all.remove(table);
  }
}

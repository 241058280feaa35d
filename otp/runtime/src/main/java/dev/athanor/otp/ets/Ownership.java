package dev.athanor.otp.ets;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Owned;
import dev.athanor.otp.process.Pid;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Whom a table belongs to. The owner changes by compare-and-set only, so that a gift, an
/// inheritance and a deletion that meet leave one of them the winner.
final class Ownership<K, V> implements Owned {

  private final Node node;
  private final Table<K, V> table;
  private final AtomicReference<Pid<?>> owner;
  private volatile @Nullable Heir<K, V, ?> heir;

  Ownership(Node node, Table<K, V> table, Pid<?> owner, @Nullable Heir<K, V, ?> heir) {
    this.node = node;
    this.table = table;
    this.owner = new AtomicReference<>(owner);
    this.heir = heir;
  }

  Pid<?> owner() {
    return owner.get();
  }

  @Nullable Pid<?> heir() {
    Heir<K, V, ?> h = heir;
    return h == null ? null : h.pid();
  }

  boolean isMine() {
    return owner.get().equals(Node.current());
  }

  void heir(@Nullable Heir<K, V, ?> next) {
    requireMine("name the heir");
    heir = next;
  }

  <M> void giveAway(Pid<M> next, Function<? super TableTransfer<K, V>, ? extends M> message) {
    requireMine("give the table away");
    Pid<?> giver = owner.get();
    if (giver.equals(next)) {
      throw new TableException.NoOwner(
          "table " + table.name() + " cannot be given to " + next + ", which owns it already");
    }
    M told = message.apply(new TableTransfer<>(table, giver));
    owner.set(next);
    if (!node.own(next, this)) {
      owner.compareAndSet(next, giver);
      throw new TableException.NoOwner(
          "table " + table.name() + " cannot be given to " + next + ", which has exited");
    }
    node.disown(giver, this);
    next.send(told);
  }

  void requireMine(String what) {
    if (!isMine()) {
      throw new TableException.NotAllowed(
          "only the owner "
              + owner.get()
              + " of table "
              + table.name()
              + " may "
              + what
              + ", the caller is "
              + caller());
    }
  }

  static String caller() {
    Pid<?> current = Node.current();
    return current == null ? "no process" : current.toString();
  }

  void release() {
    node.disown(owner.get(), this);
  }

  @Override
  public void ownerExited(Pid<?> exited, ExitReason reason) {
    if (!owner.get().equals(exited)) {
      return;
    }
    Heir<K, V, ?> h = heir;
    if (h == null || h.pid().equals(exited)) {
      table.discard();
    } else if (owner.compareAndSet(exited, h.pid())) {
      if (node.own(h.pid(), this)) {
        h.tell(table, exited);
      } else {
        table.discard();
      }
    }
  }
}

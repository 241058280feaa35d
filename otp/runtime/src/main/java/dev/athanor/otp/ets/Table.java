package dev.athanor.otp.ets;

import dev.athanor.otp.process.Pid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A table in memory that processes share: keys with one value (set, ordered set) or several
/// (bags), owned by one process and gone, or with its heir, before anybody hears that the owner
/// exited. Made by [Tables#create].
///
/// Any thread may call any method, as far as the [Access] lets it; nothing blocks longer than
/// another writer of a nearby key needs. Reads take no lock and see every write that had returned
/// before. Each write is atomic, also one of several objects: nobody sees a part of it. A walk
/// (select, forEach, next) shows each object that is there from its start to its end exactly once,
/// whatever is written meanwhile (what ets gives after safe_fixtable); whether it shows what comes
/// or goes meanwhile is open.
///
/// Keys and values are immutable objects with `equals` and `hashCode`, never null; they are handed
/// out as they were put in. Keys whose hash codes are all equal and that are no Comparable make a
/// set a list. Corresponds to the module ets; every error is a [TableException] or an
/// UnsupportedOperationException where ets has `badarg`.
public final class Table<K, V> {

  private final Tables tables;
  private final TableSpec<K, V> spec;
  private final Access access;
  private final Ownership<K, V> ownership;
  private volatile @Nullable Store<K, V> store;

  Table(Tables tables, TableSpec<K, V> spec, Pid<?> owner) {
    this.tables = tables;
    this.spec = spec;
    this.access = spec.access();
    this.ownership = new Ownership<>(tables.node(), this, owner, spec.heir());
    this.store = spec.newStore();
  }

  /// Its name, whether or not it is found by it.
  public String name() {
    return spec.name();
  }

  /// Its type.
  public TableType type() {
    return spec.type();
  }

  /// The process it belongs to; the last one once it is deleted.
  public Pid<?> owner() {
    return ownership.owner();
  }

  /// Size, owner and the like; allowed to everybody.
  public TableInfo info() {
    Store<K, V> s = live();
    return new TableInfo(
        name(),
        spec.isNamed(),
        type(),
        access,
        owner(),
        ownership.heir(),
        s.size(),
        s.memoryBytes());
  }

  /// How many objects it holds; exact while nobody writes.
  public long size() {
    return live().size();
  }

  /// Whether it is still there.
  public boolean exists() {
    return store != null;
  }

  /// The value of a key of a set or ordered set, or null. A plain lookup that allocates nothing.
  public @Nullable V get(K key) {
    return toRead().get(key);
  }

  /// The value of a key, or the given one (ets:lookup_element with a default).
  public V getOrDefault(K key, V absent) {
    V value = toRead().get(key);
    return value == null ? absent : value;
  }

  /// The value of a key that must have one (ets:lookup_element without a default).
  ///
  /// @throws TableException.NoSuchKey if it has none
  public V require(K key) {
    V value = toRead().get(key);
    if (value == null) {
      throw new TableException.NoSuchKey("table " + name() + " has no key " + key);
    }
    return value;
  }

  /// The values of a key: none, one, or for a bag several, in the order of their insertion. A
  /// snapshot that nobody can change.
  public List<V> lookup(K key) {
    return toRead().lookup(key);
  }

  /// Whether the key has a value.
  public boolean member(K key) {
    return !toRead().lookup(key).isEmpty();
  }

  /// Sets the value of the key, or adds one to a bag, which holds equal ones once.
  public void insert(K key, V value) {
    toWrite().insert(key, Objects.requireNonNull(value, "a table holds no null"));
  }

  /// Inserts all of them in one step. Of several with one key a set keeps the last.
  public void insert(Collection<Entry<K, V>> entries) {
    toWrite().insertAll(entries);
  }

  /// Inserts the object unless the key has one; answers whether it did.
  public boolean insertNew(K key, V value) {
    return toWrite().insertNew(key, Objects.requireNonNull(value, "a table holds no null"));
  }

  /// Inserts all of them, or none if one of the keys has a value; answers whether it did.
  public boolean insertNew(Collection<Entry<K, V>> entries) {
    return toWrite().insertNew(entries);
  }

  /// Replaces the value of a key of a set if it equals the expected one; answers whether it did.
  public boolean replace(K key, V expected, V next) {
    return toWrite().replace(key, expected, Objects.requireNonNull(next, "a table holds no null"));
  }

  /// Changes the value of a key of a set; answers false if there is none (ets:update_element). The
  /// function runs without a lock and again whenever another writer was faster.
  public boolean updateElement(K key, UnaryOperator<V> change) {
    Store<K, V> s = toWrite();
    for (V value = s.get(key); value != null; value = s.get(key)) {
      if (s.replace(key, value, change.apply(value))) {
        return true;
      }
    }
    return false;
  }

  /// As [#updateElement(Object, UnaryOperator)], on `absent` if the key has no value.
  public void updateElement(K key, UnaryOperator<V> change, V absent) {
    while (!updateElement(key, change)) {
      if (toWrite().insertNew(key, change.apply(absent))) {
        return;
      }
    }
  }

  /// Takes one step of a number in the value of a key of a set and answers where it arrived. For
  /// nothing but numbers [Counters] is faster.
  ///
  /// @throws TableException.NoSuchKey if the key has no value
  /// @throws ArithmeticException if the number leaves the range of a long
  public long updateCounter(K key, Increment<V> increment) {
    return updateCounter(key, List.of(increment)).getFirst();
  }

  /// As [#updateCounter(Object, Increment)], on `absent` if the key has no value.
  public long updateCounter(K key, Increment<V> increment, V absent) {
    long[] arrived = new long[1];
    updateElement(
        key,
        value -> {
          arrived[0] = increment.after(value);
          return increment.write().with(value, arrived[0]);
        },
        absent);
    return arrived[0];
  }

  /// Takes several steps in one, from first to last, and answers where each arrived.
  ///
  /// @throws TableException.NoSuchKey if the key has no value
  public List<Long> updateCounter(K key, List<Increment<V>> increments) {
    List<Long> arrived = new ArrayList<>(increments.size());
    boolean found =
        updateElement(
            key,
            value -> {
              arrived.clear();
              V next = value;
              for (Increment<V> increment : increments) {
                long number = increment.after(next);
                arrived.add(number);
                next = increment.write().with(next, number);
              }
              return next;
            });
    if (!found) {
      throw new TableException.NoSuchKey(
          "table " + name() + " has no key " + key + " to count on; give a value to start from");
    }
    return List.copyOf(arrived);
  }

  /// Removes a key and answers the values it had.
  public List<V> take(K key) {
    return toWrite().take(key);
  }

  /// Removes a key; answers whether it had a value.
  public boolean delete(K key) {
    return !toWrite().take(key).isEmpty();
  }

  /// Removes the objects of this key and value only; answers whether there were any.
  public boolean deleteObject(K key, V value) {
    return toWrite().delete(key, value) > 0;
  }

  /// Empties the table at once.
  public void deleteAllObjects() {
    toWrite();
    synchronized (this) {
      live();
      store = spec.newStore();
    }
  }

  /// Deletes the table. Allowed to the owner, and to everybody if the table is public.
  public void drop() {
    toWrite();
    ownership.release();
    discard();
  }

  /// Shows every object; the action should be quick.
  public void forEach(BiConsumer<? super K, ? super V> action) {
    toRead()
        .scan(
            Store.Scan.everything(),
            (k, values) -> {
              for (V value : values) {
                action.accept(k, value);
              }
              return true;
            });
  }

  /// What the specification wants of all that it means; an ordered set answers in its order.
  public <R> List<R> select(MatchSpec<K, ? extends V, R> wanted) {
    return selector(toRead()).all(wanted, false);
  }

  /// As [#select(MatchSpec)], a page of at most `limit` at a time.
  public <R> Page<R> select(MatchSpec<K, ? extends V, R> wanted, int limit) {
    return selector(toRead()).page(wanted, atLeastOne(limit), false);
  }

  /// As [#select(MatchSpec)], an ordered set from its end.
  public <R> List<R> selectReverse(MatchSpec<K, ? extends V, R> wanted) {
    return selector(toRead()).all(wanted, true);
  }

  /// As [#select(MatchSpec, int)], an ordered set from its end.
  public <R> Page<R> selectReverse(MatchSpec<K, ? extends V, R> wanted, int limit) {
    return selector(toRead()).page(wanted, atLeastOne(limit), true);
  }

  /// How many objects the specification means.
  public long selectCount(MatchSpec<K, ? extends V, ?> meant) {
    return selector(toRead())
        .sum(
            meant,
            (k, values) -> {
              long count = 0;
              for (V value : values) {
                count += meant.means(k, value) ? 1 : 0;
              }
              return count;
            });
  }

  /// Deletes what the specification means, each unless it changed meanwhile; answers how many.
  public long selectDelete(MatchSpec<K, ? extends V, ?> meant) {
    Store<K, V> s = toWrite();
    return selector(s)
        .sum(
            meant,
            (k, values) -> {
              long deleted = 0;
              for (V value : values) {
                deleted += meant.means(k, value) ? s.delete(k, value) : 0;
              }
              return deleted;
            });
  }

  /// Replaces each value that the specification means by what it returns; answers how many. A key's
  /// values are replaced in one step, so nothing that was written meanwhile is lost.
  ///
  /// @throws UnsupportedOperationException on a bag, where two objects might become one
  public long selectReplace(MatchSpec<K, ? extends V, ? extends V> meant) {
    Store<K, V> s = toWrite();
    return selector(s)
        .sum(
            meant, (k, values) -> s.rewrite(k, v -> meant.means(k, v) ? meant.result(k, v) : null));
  }

  /// The first key, or null if there is none.
  public @Nullable K first() {
    return toRead().first();
  }

  /// The last key of an ordered set, or null; the same as [#first] of another table.
  public @Nullable K last() {
    return toRead().last();
  }

  /// The key after the given one, or null. An ordered set need not hold the given one. From
  /// [#first] through a whole table each step costs O(1), or O(log n) in an ordered set; a step
  /// from some key in the middle of another table costs a search of it. To walk a table use
  /// [#forEach] or [#select(MatchSpec, int)].
  ///
  /// @throws TableException.NoSuchKey if another table does not hold the given key
  public @Nullable K next(K key) {
    return toRead().next(key);
  }

  /// The key before the given one of an ordered set; the same as [#next] of another table.
  public @Nullable K prev(K key) {
    return toRead().previous(key);
  }

  /// Makes another process the owner, which is told so in its own protocol. Only the owner may.
  ///
  /// @throws TableException.NoOwner if that process is dead
  public <M> void giveAway(
      Pid<M> next, Function<? super TableTransfer<K, V>, ? extends M> message) {
    live();
    ownership.giveAway(next, message);
  }

  /// Names who inherits the table. Only the owner may.
  public <M> void heir(Pid<M> process, Function<? super TableTransfer<K, V>, ? extends M> message) {
    live();
    ownership.heir(new Heir<K, V, M>(process, message));
  }

  /// From now on nobody inherits the table. Only the owner may.
  public void noHeir() {
    live();
    ownership.heir(null);
  }

  @Override
  public String toString() {
    return "#Table<" + name() + ">";
  }

  Ownership<K, V> ownership() {
    return ownership;
  }

  synchronized void discard() {
    store = null;
    tables.forget(this);
  }

  void mayBlock(String what) {
    tables.mayBlock(what);
  }

  /// Inserts into a table that nobody else knows yet, whatever its access.
  void fill(K key, V value) {
    live().insert(key, Objects.requireNonNull(value, "a table holds no null"));
  }

  /// Deletes an object of this package's own making; nothing happens once the table is deleted.
  void deleteIfThere(K key, V value) {
    Store<K, V> s = store;
    if (s != null) {
      s.delete(key, value);
    }
  }

  /// Replaces an object of this package's own making; answers false if it is not there.
  boolean replaceIfThere(K key, V value, V next) {
    Store<K, V> s = store;
    return s != null && s.replace(key, value, next);
  }

  private Selector<K, V> selector(Store<K, V> s) {
    return new Selector<>(s, type());
  }

  private Store<K, V> toRead() {
    if (access == Access.PRIVATE) {
      ownership.requireMine("read it: it is private");
    }
    return live();
  }

  Store<K, V> toWrite() {
    if (access != Access.PUBLIC) {
      ownership.requireMine("write to it: it is " + access);
    }
    return live();
  }

  private Store<K, V> live() {
    Store<K, V> s = store;
    if (s == null) {
      throw new TableException.Gone("table " + name() + " is deleted");
    }
    return s;
  }

  private static int atLeastOne(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a page has at least one object, got limit " + limit);
    }
    return limit;
  }
}

package dev.athanor.otp.ets;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.OptionalLong;
import java.util.function.ObjLongConsumer;

/// A table of numbers for many writers at once (what ets:update_counter/4 with default 0 is used
/// for, and the module counters). An absent key counts from zero.
///
/// Any thread may call any method, as far as the table's [Access] allows; adding to a counter that
/// exists takes no lock. Each step is atomic, and a counter that is taken gives up exactly what was
/// added to it. A counter stays within ±2^62; beyond that it is undefined. Failures are those of
/// [Table].
public final class Counters<K> {

  /// Far below any number that a live counter can have, whatever late writers add to it.
  private static final long TAKEN = Long.MIN_VALUE;

  private static final long LEAST = -(1L << 62);

  private final Table<K, Counter> table;

  private Counters(Table<K, Counter> table) {
    this.table = table;
  }

  /// Makes a public table of counters, owned by the calling process.
  public static <K> Counters<K> create(Tables tables, String name) {
    return create(tables, TableSpec.<K, Counter>set(name).access(Access.PUBLIC));
  }

  /// Makes a table of counters, a set or an ordered set.
  public static <K> Counters<K> create(Tables tables, TableSpec<K, Counter> spec) {
    return new Counters<>(tables.create(spec));
  }

  /// Adds one and answers the new number.
  public long increment(K key) {
    return add(key, 1);
  }

  /// Adds a step, which may be negative, and answers the new number.
  public long add(K key, long step) {
    while (true) {
      Counter counter = table.toWrite().get(key);
      if (counter == null) {
        counter = started(key);
      }
      long before = (long) Counter.NUMBER.getAndAdd(counter, step);
      if (before >= LEAST) {
        return before + step;
      }
    }
  }

  /// Adds a step, but a result beyond the threshold (above for a positive step, below for a
  /// negative one) becomes `reset`.
  public long addWrapping(K key, long step, long threshold, long reset) {
    while (true) {
      Counter counter = table.toWrite().get(key);
      if (counter == null) {
        counter = started(key);
      }
      long before = counter.number;
      if (before >= LEAST) {
        long next = before + step;
        if (step >= 0 ? next > threshold : next < threshold) {
          next = reset;
        }
        if (Counter.NUMBER.compareAndSet(counter, before, next)) {
          return next;
        }
      }
    }
  }

  private Counter started(K key) {
    Counter made = new Counter();
    while (true) {
      if (table.insertNew(key, made)) {
        return made;
      }
      Counter present = table.toWrite().get(key);
      if (present != null) {
        return present;
      }
    }
  }

  /// The number of a key, if it has one.
  public OptionalLong get(K key) {
    Counter counter = table.get(key);
    if (counter == null) {
      return OptionalLong.empty();
    }
    long number = counter.number;
    return number < LEAST ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /// The number of a key, zero if it has none. Allocates nothing.
  public long count(K key) {
    Counter counter = table.get(key);
    long number = counter == null ? 0 : counter.number;
    return number < LEAST ? 0 : number;
  }

  /// Removes a key and answers its last number, zero if it has none.
  public long take(K key) {
    long sum = 0;
    for (Counter counter : table.take(key)) {
      sum += (long) Counter.NUMBER.getAndSet(counter, TAKEN);
    }
    return sum;
  }

  /// Shows every counter as it is when the walk comes to it.
  public void forEach(ObjLongConsumer<? super K> action) {
    table.forEach(
        (key, counter) -> {
          long number = counter.number;
          if (number >= LEAST) {
            action.accept(key, number);
          }
        });
  }

  /// How many keys count.
  public long size() {
    return table.size();
  }

  /// The table they are in: for its owner, heir, information and end.
  public Table<K, Counter> table() {
    return table;
  }

  /// One counter of a table of counters.
  public static final class Counter {
    private static final VarHandle NUMBER;

    static {
      try {
        NUMBER = MethodHandles.lookup().findVarHandle(Counter.class, "number", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private volatile long number;

    private Counter() {}

    @Override
    public String toString() {
      return Long.toString(number);
    }
  }
}

package dev.athanor.otp.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.athanor.otp.ets.Access;
import dev.athanor.otp.ets.Cache;
import dev.athanor.otp.ets.Counters;
import dev.athanor.otp.ets.Entry;
import dev.athanor.otp.ets.Increment;
import dev.athanor.otp.ets.Table;
import dev.athanor.otp.ets.TableSpec;
import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.Pid;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/// Races for the objects of a table. Each class allows exactly the outcomes that some order of its
/// operations has.
public class TableRaces {

  private static final Bench BENCH = new Bench();
  private static final Pid<Object> OWNER = BENCH.spawn();
  private static final Tables TABLES = new Tables(BENCH.node());

  private static <V> Table<Integer, V> table(TableSpec<Integer, V> spec) {
    return TABLES.create(spec.access(Access.PUBLIC).owner(OWNER));
  }

  private static int one(boolean outcome) {
    return outcome ? 1 : 0;
  }

  /// Two lists of new objects with one key in common.
  @JCStressTest
  @Outcome(id = "1, 0, 1102", expect = ACCEPTABLE, desc = "the first list is in, all of it")
  @Outcome(id = "0, 1, 2022", expect = ACCEPTABLE, desc = "the second list is in, all of it")
  @Outcome(expect = FORBIDDEN, desc = "a part of a list, both lists, or none")
  @State
  public static class InsertNewLists {
    private final Table<Integer, Integer> table = table(TableSpec.set("race"));

    @Actor
    public void first(III_Result r) {
      r.r1 = one(table.insertNew(List.of(new Entry<>(1, 1), new Entry<>(2, 1))));
    }

    @Actor
    public void second(III_Result r) {
      r.r2 = one(table.insertNew(List.of(new Entry<>(2, 2), new Entry<>(3, 2))));
    }

    @Arbiter
    public void end(III_Result r) {
      r.r3 =
          table.getOrDefault(1, 0) * 100
              + table.getOrDefault(2, 0) * 1_000
              + table.getOrDefault(3, 0) * 10
              + (int) table.size();
      table.drop();
    }
  }

  /// A list over objects that a reader reads one by one, last first.
  @JCStressTest
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "before the list")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the list came in between")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "after the list")
  @Outcome(expect = FORBIDDEN, desc = "a part of the list was seen")
  @State
  public static class ListAndReader {
    private final Table<Integer, Integer> table = table(TableSpec.orderedSet("race"));

    /// The first key has a value already, the second none.
    public ListAndReader() {
      table.insert(1, 0);
    }

    @Actor
    public void writer() {
      table.insert(List.of(new Entry<>(1, 1), new Entry<>(2, 1)));
    }

    @Actor
    public void reader(II_Result r) {
      r.r1 = table.getOrDefault(2, 0);
      r.r2 = table.getOrDefault(1, 0);
    }

    @Arbiter
    public void end() {
      table.drop();
    }
  }

  /// A single write into the middle of a list's write.
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the list came last")
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the list came between write and read")
  @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "the list came first")
  @Outcome(expect = FORBIDDEN, desc = "no order of the three explains it")
  @State
  public static class ListAndWriter {
    private final Table<Integer, Integer> table = table(TableSpec.set("race"));

    @Actor
    public void list() {
      table.insert(List.of(new Entry<>(1, 1), new Entry<>(2, 1)));
    }

    @Actor
    public void single(II_Result r) {
      table.insert(1, 2);
      r.r1 = table.getOrDefault(2, 0);
    }

    @Arbiter
    public void end(II_Result r) {
      r.r2 = table.getOrDefault(1, 0);
      table.drop();
    }
  }

  /// Two takers of one object.
  @JCStressTest
  @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "the first has it")
  @Outcome(id = "0, 1, 0", expect = ACCEPTABLE, desc = "the second has it")
  @Outcome(expect = FORBIDDEN, desc = "both, neither, or it is still there")
  @State
  public static class TwoTakers {
    private final Table<Integer, Integer> table = table(TableSpec.set("race"));

    /// The object is there.
    public TwoTakers() {
      table.insert(1, 1);
    }

    @Actor
    public void first(III_Result r) {
      r.r1 = table.take(1).size();
    }

    @Actor
    public void second(III_Result r) {
      r.r2 = table.take(1).size();
    }

    @Arbiter
    public void end(III_Result r) {
      r.r3 = (int) table.size();
      table.drop();
    }
  }

  /// Two objects into one key of a bag.
  @JCStressTest
  @Outcome(id = "12, 2", expect = ACCEPTABLE)
  @Outcome(id = "21, 2", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "one of them was lost")
  @State
  public static class BagInserts {
    private final Table<Integer, Integer> table = table(TableSpec.bag("race"));

    @Actor
    public void first() {
      table.insert(1, 1);
    }

    @Actor
    public void second() {
      table.insert(List.of(new Entry<>(1, 2)));
    }

    @Arbiter
    public void end(II_Result r) {
      List<Integer> values = table.lookup(1);
      r.r1 = values.size() == 2 ? values.get(0) * 10 + values.get(1) : -1;
      r.r2 = (int) table.size();
      table.drop();
    }
  }

  /// Two steps of a number in a value.
  @JCStressTest
  @Outcome(id = "1, 2, 2", expect = ACCEPTABLE)
  @Outcome(id = "2, 1, 2", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "a step was lost")
  @State
  public static class UpdateCounter {
    private final Table<Integer, Long> table = table(TableSpec.set("race"));

    @Actor
    public void first(III_Result r) {
      r.r1 = (int) table.updateCounter(1, Increment.ofLong(), 0L);
    }

    @Actor
    public void second(III_Result r) {
      r.r2 = (int) table.updateCounter(1, Increment.ofLong(), 0L);
    }

    @Arbiter
    public void end(III_Result r) {
      r.r3 = (int) (long) table.getOrDefault(1, -1L);
      table.drop();
    }
  }

  /// A counter is taken while it counts.
  @JCStressTest
  @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "counted, then taken")
  @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "taken, then counted")
  @Outcome(expect = FORBIDDEN, desc = "a step was lost or counted twice")
  @State
  public static class CountAndTake {
    private final Counters<Integer> counters =
        Counters.create(
            TABLES,
            TableSpec.<Integer, Counters.Counter>set("race").access(Access.PUBLIC).owner(OWNER));

    @Actor
    public void count(III_Result r) {
      r.r1 = (int) counters.increment(1);
    }

    @Actor
    public void take(III_Result r) {
      r.r2 = (int) counters.take(1);
    }

    @Arbiter
    public void end(III_Result r) {
      r.r3 = (int) counters.count(1);
      counters.table().drop();
    }
  }

  /// Two who miss one key of a cache.
  @JCStressTest
  @Outcome(id = "7, 7, 1", expect = ACCEPTABLE, desc = "computed once, for both")
  @Outcome(expect = FORBIDDEN, desc = "computed twice, or not for both")
  @State
  public static class CacheMisses {
    private final AtomicInteger loads = new AtomicInteger();
    private final Cache<Integer, Integer> cache =
        Cache.<Integer, Integer>named("race").owner(OWNER).create(TABLES);

    private int get() {
      return cache
          .get(
              1,
              key -> {
                loads.incrementAndGet();
                return CompletableFuture.completedFuture(7);
              })
          .toCompletableFuture()
          .join();
    }

    @Actor
    public void first(III_Result r) {
      r.r1 = get();
    }

    @Actor
    public void second(III_Result r) {
      r.r2 = get();
    }

    @Arbiter
    public void end(III_Result r) {
      r.r3 = loads.get();
      cache.drop();
    }
  }
}

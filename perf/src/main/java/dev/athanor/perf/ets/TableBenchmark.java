package dev.athanor.perf.ets;

import dev.athanor.otp.ets.Access;
import dev.athanor.otp.ets.Counters;
import dev.athanor.otp.ets.Table;
import dev.athanor.otp.ets.TableSpec;
import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.Pid;
import dev.athanor.perf.process.Loops;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// A set of a million entries under random keys, made anew for every lookup so that no key is found
/// by its identity; and a counter table where all threads write the same two keys. Choose the
/// threads with `-t 1` and `-t 2`.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class TableBenchmark {
  private static final int ENTRIES = 1_000_000;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final Loops loops = new Loops();
  private final Pid<Object> owner = loops.node().spawn((self, message) -> {});
  private final Tables tables = new Tables(loops.node());
  private final Table<Long, String> table =
      tables.create(TableSpec.<Long, String>set("million").access(Access.PUBLIC).owner(owner));
  private final Counters<String> counters =
      Counters.create(
          tables,
          TableSpec.<String, Counters.Counter>set("counters").access(Access.PUBLIC).owner(owner));

  /// Fills the table; JMH calls it.
  public TableBenchmark() {
    for (long i = 0; i < ENTRIES; i++) {
      table.insert(i * SPREAD, "value");
    }
  }

  /// Ends the loops.
  ///
  /// @throws Exception if they do not end in time
  @TearDown
  public void end() throws Exception {
    loops.end();
  }

  /// One entry read.
  @Benchmark
  public @Nullable String lookup() {
    return table.get(key());
  }

  /// One entry replaced.
  @Benchmark
  public void insert() {
    table.insert(key(), "other");
  }

  /// Nine reads to one write.
  @Benchmark
  public @Nullable String mixed() {
    if (ThreadLocalRandom.current().nextInt(10) == 0) {
      table.insert(key(), "mixed");
    }
    return table.get(key());
  }

  /// One of two counters that every thread writes.
  @Benchmark
  public long updateCounter() {
    return counters.increment(ThreadLocalRandom.current().nextBoolean() ? "left" : "right");
  }

  private static Long key() {
    return ThreadLocalRandom.current().nextInt(ENTRIES) * SPREAD;
  }
}

package dev.athanor.perf.registry;

import dev.athanor.otp.process.Pid;
import dev.athanor.otp.registry.Registry;
import dev.athanor.perf.process.Loops;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

/// A unique registry with 100,000 processes under a key each, and a duplicate one in which 150,000
/// hold the same key. Choose the threads with `-t 1` and `-t 2`.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class RegistryBenchmark {
  private static final int PROCESSES = 100_000;
  private static final int CROWD = 150_000;

  private final Loops loops = new Loops();
  private final Registry<Integer, String> registry =
      Registry.<Integer, String>unique("benchmark").create(loops.node());

  private final Registry<String, Integer> duplicate =
      Registry.<String, Integer>duplicate("crowd").create(loops.node());
  private final List<Pid<Object>> crowd = new ArrayList<>();

  /// Starts and registers the processes; JMH calls it.
  public RegistryBenchmark() {
    for (int i = 0; i < PROCESSES; i++) {
      registry.register(idle(), i, "value");
    }
    for (int i = 0; i < CROWD; i++) {
      Pid<Object> pid = idle();
      crowd.add(pid);
      duplicate.register(pid, "popular", i);
    }
  }

  /// Ends the loops.
  ///
  /// @throws Exception if they do not end in time
  @TearDown
  public void end() throws Exception {
    loops.end();
  }

  /// The process of a key.
  @Benchmark
  public @Nullable Pid<?> lookup() {
    return registry.whereis(ThreadLocalRandom.current().nextInt(PROCESSES));
  }

  /// A process takes a key nobody has and leaves it.
  @Benchmark
  public void registerAndUnregister(Guest guest) {
    registry.register(guest.pid(this), guest.key, "guest");
    registry.unregister(guest.pid(this), guest.key);
  }

  /// One of 150,000 leaves the key that all of them hold, and comes back.
  @Benchmark
  public void leaveTheCrowdAndReturn() {
    Pid<Object> pid = crowd.get(ThreadLocalRandom.current().nextInt(CROWD));
    duplicate.unregister(pid, "popular");
    duplicate.register(pid, "popular", 0);
  }

  private Pid<Object> idle() {
    return loops.node().spawn((self, message) -> {});
  }

  /// A process and a key of each benchmark thread.
  @State(Scope.Thread)
  public static class Guest {
    private static final AtomicInteger KEYS = new AtomicInteger(PROCESSES);

    private final int key = KEYS.getAndIncrement();
    private @Nullable Pid<Object> pid;

    /// Takes a key; JMH calls it.
    public Guest() {}

    private Pid<Object> pid(RegistryBenchmark benchmark) {
      if (pid == null) {
        pid = benchmark.idle();
      }
      return pid;
    }
  }
}

package dev.athanor.perf.rivals;

import dev.athanor.otp.ets.Access;
import dev.athanor.otp.ets.Counters;
import dev.athanor.otp.ets.Table;
import dev.athanor.otp.ets.TableSpec;
import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.registry.Registry;
import dev.athanor.perf.process.Loops;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntConsumer;

/// Tables and registries, used by one and by two threads.
final class AthanorTables {
  private static final int ENTRIES = 1_000_000;
  private static final int NAMES = 100_000;
  private static final int TIMES = 1_000_000;
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private AthanorTables() {}

  /// What came back last, so that nothing is optimized away.
  @SuppressWarnings("unused")
  private static volatile Object seen = "";

  private static void threads(String name, int threads, IntConsumer loop) throws Exception {
    Rounds.rate(
        name,
        (long) TIMES * threads,
        () -> {
          CountDownLatch done = new CountDownLatch(threads);
          for (int t = 0; t < threads; t++) {
            int number = t;
            Thread.ofPlatform()
                .start(
                    () -> {
                      loop.accept(number);
                      done.countDown();
                    });
          }
          Rounds.await(done);
        });
  }

  static void registry() throws Exception {
    Loops loops = new Loops();
    Node node = loops.node();
    Registry<String, Integer> registry = Registry.<String, Integer>unique("names").create(node);
    String[] names = new String[NAMES];
    List<Pid<Object>> pids = new ArrayList<>();
    for (int i = 0; i < NAMES; i++) {
      names[i] = "name" + i;
      Pid<Object> pid = node.spawn((self, message) -> {});
      pids.add(pid);
      registry.register(pid, names[i], i);
    }
    IntConsumer lookup =
        thread -> {
          ThreadLocalRandom random = ThreadLocalRandom.current();
          Object last = "";
          for (int i = 0; i < TIMES; i++) {
            Pid<?> found = registry.whereis(names[random.nextInt(NAMES)]);
            if (found != null) {
              last = found;
            }
          }
          seen = last;
        };
    threads("registry_lookup_1", 1, lookup);
    threads("registry_lookup_2", 2, lookup);
    Pid<Object> pid = pids.getFirst();
    threads(
        "registry_register",
        1,
        thread -> {
          for (int i = 0; i < TIMES; i++) {
            registry.register(pid, "one more", i);
            registry.unregister(pid, "one more");
          }
        });
  }

  static void tables() throws Exception {
    Loops loops = new Loops();
    Pid<Object> owner = loops.node().spawn((self, message) -> {});
    Tables tables = new Tables(loops.node());
    Table<Long, String> table =
        tables.create(TableSpec.<Long, String>set("million").access(Access.PUBLIC).owner(owner));
    for (long i = 0; i < ENTRIES; i++) {
      table.insert(i * SPREAD, "value");
    }
    IntConsumer lookup =
        thread -> {
          Object last = "";
          for (int i = 0; i < TIMES; i++) {
            String value = table.get(key());
            if (value != null) {
              last = value;
            }
          }
          seen = last;
        };
    threads("ets_lookup_1", 1, lookup);
    threads("ets_lookup_2", 2, lookup);
    threads(
        "ets_insert",
        1,
        thread -> {
          for (int i = 0; i < TIMES; i++) {
            table.insert(key(), "other");
          }
        });
    threads(
        "ets_mixed_2",
        2,
        thread -> {
          for (int i = 0; i < TIMES; i++) {
            if (i % 10 == 0) {
              table.insert(key(), "mixed");
            } else {
              table.get(key());
            }
          }
        });
    Counters<String> counters =
        Counters.create(
            tables,
            TableSpec.<String, Counters.Counter>set("counters").access(Access.PUBLIC).owner(owner));
    threads(
        "ets_counter_2",
        2,
        thread -> {
          for (int i = 0; i < TIMES; i++) {
            counters.increment((i & 1) == 0 ? "left" : "right");
          }
        });
  }

  private static Long key() {
    return ThreadLocalRandom.current().nextInt(ENTRIES) * SPREAD;
  }
}

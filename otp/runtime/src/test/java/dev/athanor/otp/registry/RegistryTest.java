package dev.athanor.otp.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.ets.ManualScheduler;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RegistryTest {

  private final ManualScheduler scheduler = new ManualScheduler();
  private final Node node = Node.on(scheduler);
  private final Pid<Runnable> a = ManualScheduler.doer(node);
  private final Pid<Runnable> b = ManualScheduler.doer(node);

  private void kill(Pid<?> pid) {
    node.exit(pid, ExitReason.KILL);
    scheduler.run();
  }

  @Test
  void unique_registerTwice_answersTheHolder() {
    List<RegistryEvent<String, Integer>> heard = new ArrayList<>();
    Registry<String, Integer> registry =
        Registry.<String, Integer>unique("U")
            .listener(b, event -> () -> heard.add(event))
            .create(node);
    assertThat(registry.register(a, "k", 1)).isEqualTo(new Registration.Registered());
    assertThat(registry.register(a, "k", 2)).isEqualTo(new Registration.AlreadyRegistered(a));
    assertThat(registry.register(b, "k", 2)).isEqualTo(new Registration.AlreadyRegistered(a));
    assertThat(registry.lookup("k")).containsExactly(new Registry.Entry<>(a, 1));
    assertThat(registry.updateValue(a, "k", v -> v + 1)).isEqualTo(new Registry.Updated<>(2, 1));
    assertThat(registry.updateValue(b, "k", v -> v + 1)).isNull();
    assertThat(registry.keys(a)).containsExactly("k");
    assertThat(registry.values("k", a)).containsExactly(2);
    assertThat(registry.count()).isEqualTo(1);
    registry.unregister(b, "k");
    assertThat(registry.whereis("k")).isSameAs(a);
    registry.unregister(a, "k");
    registry.unregister(a, "k");
    assertThat(registry.count()).isZero();
    scheduler.run();
    assertThat(heard)
        .containsExactly(
            new RegistryEvent.Register<>(registry, "k", a, 1),
            new RegistryEvent.Unregister<>(registry, "k", a));
  }

  @Test
  void via_claimedTwice_answersTheHolder() {
    Registry<String, Integer> registry = Registry.<String, Integer>unique("U").create(node);
    Name name = registry.via("k", 0);
    assertThat(name.whereis(node)).isNull();
    assertThat(name.claim(a)).isNull();
    assertThat(name.claim(b)).isSameAs(a);
    assertThat(name.whereis(node)).isSameAs(a);
    kill(a);
    assertThat(name.whereis(node)).isNull();
    assertThatThrownBy(() -> name.claim(a)).hasMessageContaining("exited");
    Registry<String, Integer> duplicate = Registry.<String, Integer>duplicate("D").create(node);
    assertThatThrownBy(() -> duplicate.via("k", 0))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void duplicate_matchAndUnregisterMatch_goByValue() {
    Registry<String, String> registry = Registry.<String, String>duplicate("D").create(node);
    registry.register(a, "t", "a");
    registry.register(a, "t", "b");
    assertThat(registry.lookup("t"))
        .containsExactly(new Registry.Entry<>(a, "a"), new Registry.Entry<>(a, "b"));
    assertThat(registry.match("t", "a"::equals)).containsExactly(new Registry.Entry<>(a, "a"));
    registry.unregisterMatch(a, "t", "a"::equals);
    assertThat(registry.lookup("t")).containsExactly(new Registry.Entry<>(a, "b"));
    assertThat(registry.keys(a)).containsExactly("t");
    assertThat(registry.countMatch("t", v -> true)).isEqualTo(1);
    List<String> called = new ArrayList<>();
    registry.dispatch("none", (pid, value) -> called.add(value));
    assertThat(called).isEmpty();
    assertThatThrownBy(() -> registry.updateValue(a, "t", v -> v))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void exit_ofAProcess_takesItsEntriesBeforeItIsAnnounced() {
    Registry<Integer, String> registry =
        Registry.<Integer, String>duplicate("D").partitions(2).create(node);
    for (int key = 0; key < 40; key++) {
      registry.register(a, key, "a");
      registry.register(b, key, "b");
    }
    List<Long> atDown = new ArrayList<>();
    var announced = node.exited(a).thenRun(() -> atDown.add(registry.count()));
    kill(a);
    assertThat(announced).isCompleted();
    assertThat(atDown).containsExactly(40L);
    assertThat(registry.lookup(7)).containsExactly(new Registry.Entry<>(b, "b"));
    assertThat(registry.register(a, 1, "late")).isEqualTo(new Registration.NoProcess());
    kill(b);
    assertThat(registry.count()).isZero();
    assertThat(registry.keys()).isEmpty();
  }

  @Test
  void popularKey_manyLeaveDuringDispatch_costsLittleEach() {
    Registry<String, Integer> registry = Registry.<String, Integer>duplicate("D").create(node);
    List<Pid<?>> pids = new ArrayList<>();
    for (int i = 0; i < 150_000; i++) {
      Pid<Runnable> pid = ManualScheduler.doer(node);
      pids.add(pid);
      registry.register(pid, "hot", i);
    }
    assertThat(registry.count("hot")).isEqualTo(150_000);
    List<Integer> shown = new ArrayList<>();
    registry.dispatch(
        "hot",
        (pid, value) -> {
          shown.add(value);
          if (value % 5 != 0) {
            registry.unregister(pid, "hot");
          }
        });
    assertThat(shown.size()).isEqualTo(150_000);
    assertThat(registry.count("hot")).isEqualTo(30_000);
    for (Pid<?> pid : pids) {
      node.exit(pid, ExitReason.KILL);
    }
    scheduler.run();
    assertThat(registry.count()).isZero();
  }

  @Test
  void register_randomRun_agreesWithAModel() {
    Random random = new Random(7);
    Registry<Integer, Integer> registry = Registry.<Integer, Integer>duplicate("D").create(node);
    List<Pid<?>> pids = new ArrayList<>();
    Map<Integer, List<Registry.Entry<Integer>>> model = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      if (pids.size() < 12) {
        pids.add(ManualScheduler.doer(node));
      }
      Pid<?> pid = pids.get(random.nextInt(pids.size()));
      int key = random.nextInt(50);
      List<Registry.Entry<Integer>> entries = model.computeIfAbsent(key, k -> new ArrayList<>());
      int value = random.nextInt(4);
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> {
          registry.register(pid, key, value);
          entries.add(new Registry.Entry<>(pid, value));
        }
        case 4, 5 -> {
          registry.unregister(pid, key);
          entries.removeIf(e -> e.pid().equals(pid));
        }
        case 6 -> {
          registry.unregisterMatch(pid, key, v -> v == value);
          entries.removeIf(e -> e.pid().equals(pid) && e.value() == value);
        }
        case 7 -> {
          if (random.nextInt(100) == 0) {
            pids.remove(pid);
            kill(pid);
            model.values().forEach(es -> es.removeIf(e -> e.pid().equals(pid)));
          }
        }
        default -> assertThat(registry.lookup(key)).isEqualTo(entries);
      }
    }
    assertThat(registry.count()).isEqualTo(model.values().stream().mapToInt(List::size).sum());
  }

  @Test
  void register_threadsFightForUniqueKeys_oneHolderEach() throws Exception {
    Registry<Integer, String> registry = Registry.<Integer, String>unique("U").create(node);
    int[] balance = new int[2];
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < 2; t++) {
        int me = t;
        Pid<?> pid = t == 0 ? a : b;
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 100_000; i++) {
                    int key = i & 3;
                    if (registry.register(pid, key, "v") instanceof Registration.Registered) {
                      assertThat(pid.equals(registry.whereis(key))).isTrue();
                      registry.unregister(pid, key);
                      balance[me]++;
                    }
                  }
                }));
      }
      for (Future<?> f : running) {
        f.get();
      }
    }
    assertThat(registry.count()).isZero();
    assertThat(balance[0] + balance[1]).isPositive();
  }
}

package dev.athanor.otp.ets;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HashIndexTest {

  /// A key whose hash codes collide four by four.
  record Key(int number) {
    @Override
    public int hashCode() {
      return number >> 2;
    }
  }

  private static void randomRun(Index<Key, Integer> index, long seed, int keys) {
    Random random = new Random(seed);
    Map<Key, Integer> model = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      Key key = new Key(random.nextInt(keys));
      Integer value = i;
      switch (random.nextInt(i / 2_000 % 2 == 0 ? 5 : 8)) {
        case 0, 1 -> {
          index.put(key, value);
          model.put(key, value);
        }
        case 2 ->
            assertThat(index.putIfAbsent(key, value)).isEqualTo(model.putIfAbsent(key, value));
        case 3 -> assertThat(index.get(key)).isEqualTo(model.get(key));
        case 4 -> {
          Integer old = index.get(key);
          if (old != null) {
            assertThat(index.replace(key, old, value)).isTrue();
            model.put(key, value);
          }
        }
        default -> assertThat(index.remove(key)).isEqualTo(model.remove(key));
      }
      if (i % 1_000 == 0) {
        Map<Key, Integer> walked = new HashMap<>();
        Index.Position<Key> at = null;
        do {
          int stop = random.nextInt(1, 20);
          int[] shown = new int[1];
          at =
              index.scan(
                  at,
                  (k, v) -> {
                    assertThat(walked.put(k, v)).isNull();
                    return ++shown[0] < stop;
                  });
        } while (at != null);
        assertThat(walked).isEqualTo(model);
        assertThat(index.size()).isEqualTo(model.size());
      }
    }
  }

  @Test
  void hashIndex_randomWrites_agreesWithHashMap() {
    for (int seed = 0; seed < 8; seed++) {
      randomRun(new HashIndex<>(), seed, seed % 2 == 0 ? 60 : 3_000);
    }
  }

  @Test
  void skipIndex_randomWrites_agreesWithHashMap() {
    randomRun(new SkipIndex<>(java.util.Comparator.comparingInt(Key::number)), 1, 3_000);
  }

  @Test
  void next_everyKey_isVisitedOnce() {
    HashIndex<Key, Integer> index = new HashIndex<>();
    Set<Key> expected = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      index.put(new Key(i), i);
      expected.add(new Key(i));
    }
    Set<Key> seen = new HashSet<>();
    for (Key key = index.first(); key != null; key = index.next(key)) {
      assertThat(seen.add(key)).isTrue();
    }
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void next_fromKeysWhereNoWalkStands_goesOnInTheSameOrder() {
    HashIndex<Key, Integer> index = new HashIndex<>();
    List<Key> order = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      index.put(new Key(i), i);
    }
    index.scan(null, (key, cell) -> order.add(key));
    for (int i = order.size() - 1; i > 0; i--) {
      assertThat(index.next(order.get(i - 1))).isEqualTo(order.get(i));
    }
    assertThat(index.next(order.getLast())).isNull();
  }

  private static void together(List<Callable<Void>> actions) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(actions.size())) {
      for (Future<Void> outcome : threads.invokeAll(actions)) {
        outcome.get();
      }
    }
  }

  @Test
  void readers_whileArraysGrowAndShrink_neverMissWhatStays() throws Exception {
    HashIndex<Integer, Integer> index = new HashIndex<>();
    for (int i = 0; i < 1_000; i++) {
      index.put(-i - 1, i);
    }
    AtomicBoolean done = new AtomicBoolean();
    Callable<Void> writer =
        () -> {
          for (int round = 0; round < 12; round++) {
            for (int i = 0; i < 60_000; i++) {
              index.put(i, i);
            }
            for (int i = 0; i < 60_000; i++) {
              index.remove(i);
            }
          }
          done.set(true);
          return null;
        };
    Callable<Void> reader =
        () -> {
          while (!done.get()) {
            for (int i = 0; i < 1_000; i++) {
              assertThat((Object) index.get(-i - 1)).isNotNull();
            }
          }
          return null;
        };
    Callable<Void> walker =
        () -> {
          while (!done.get()) {
            List<Integer> stayed = new ArrayList<>();
            Set<Integer> all = new HashSet<>();
            index.scan(
                null,
                (k, v) -> {
                  if (!all.add(k)) {
                    throw new AssertionError("twice: " + k);
                  }
                  if (k < 0) {
                    stayed.add(k);
                  }
                  return true;
                });
            assertThat(stayed).hasSize(1_000);
          }
          return null;
        };
    together(List.of(writer, reader, walker));
    assertThat(index.size()).isEqualTo(1_000);
  }

  @Test
  void replace_againstRemoveAndPut_losesNoUpdate() throws Exception {
    HashIndex<Integer, Long> index = new HashIndex<>();
    int steps = 200_000;
    Callable<Void> adder =
        () -> {
          for (int i = 0; i < steps; i++) {
            int key = i & 7;
            while (true) {
              Long now = index.get(key);
              if (now == null
                  ? index.putIfAbsent(key, 1L) == null
                  : index.replace(key, now, now + 1)) {
                break;
              }
            }
          }
          return null;
        };
    long[] taken = new long[1];
    Callable<Void> taker =
        () -> {
          for (int i = 0; i < steps; i++) {
            Long got = index.remove(i & 7);
            taken[0] += got == null ? 0 : got;
          }
          return null;
        };
    together(List.of(adder, adder, taker));
    for (int key = 0; key < 8; key++) {
      Long left = index.get(key);
      taken[0] += left == null ? 0 : left;
    }
    assertThat(taken[0]).isEqualTo(2L * steps);
  }

  @Test
  void insertNew_overlappingLists_isAllOrNothing() throws Exception {
    SetStore<Integer, Integer> store = new SetStore<>(new HashIndex<>());
    List<Integer> won = Collections.synchronizedList(new ArrayList<>());
    List<Callable<Void>> actions = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      int thread = t;
      actions.add(
          () -> {
            for (int i = 0; i < 3_000; i++) {
              int base = i * 2;
              if (store.insertNew(
                  List.of(
                      new Entry<>(base + thread, thread),
                      new Entry<>(base + thread + 1, thread)))) {
                won.add(i);
              }
            }
            return null;
          });
    }
    together(actions);
    assertThat(store.size()).isEqualTo(2L * won.size());
  }

  static List<Store<Integer, Integer>> stores() {
    return List.of(
        new SetStore<>(new HashIndex<>()),
        new SetStore<>(new SkipIndex<>(java.util.Comparator.<Integer>naturalOrder())),
        new BagStore<>(false));
  }

  @ParameterizedTest
  @MethodSource("stores")
  void insertAll_againstSingleWrites_isSeenAsAWhole(Store<Integer, Integer> store)
      throws Exception {
    int rounds = 20_000;
    AtomicBoolean done = new AtomicBoolean();
    Callable<Void> lists =
        () -> {
          for (int i = 0; i < rounds; i++) {
            store.insertAll(List.of(new Entry<>(2, i), new Entry<>(1, i), new Entry<>(3, i)));
            if (i % 50 == 49) {
              store.take(2);
              store.take(3);
              store.take(1);
            }
          }
          done.set(true);
          return null;
        };
    Callable<Void> reader =
        () -> {
          while (!done.get()) {
            // The writer takes 2 first and 1 last: what is newest under 2 was in 1 all the time.
            int second = newest(store.lookup(2));
            int first = newest(store.lookup(1));
            assertThat(first == -1 || first >= second).isTrue();
          }
          return null;
        };
    Callable<Void> meddler =
        () -> {
          while (!done.get()) {
            store.insertNew(4, 0);
            store.delete(3, -7);
            store.take(4);
          }
          return null;
        };
    together(List.of(lists, reader, meddler));
    List<Integer> last = store.lookup(1);
    assertThat(store.lookup(2)).isEqualTo(last);
    assertThat(store.lookup(3)).isEqualTo(last);
    long objects = last.size() * 3L + store.lookup(4).size();
    assertThat(store.size()).isEqualTo(objects);
  }

  private static int newest(List<Integer> values) {
    return values.isEmpty() ? -1 : values.getLast();
  }
}

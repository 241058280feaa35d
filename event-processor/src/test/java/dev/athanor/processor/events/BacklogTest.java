package dev.athanor.processor.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BacklogTest {
  private final Backlog<String> backlog = new Backlog<>();

  @Test
  void take_severalKeys_givesAllInOneBatchInOrder() {
    backlog.add("a", "a1");
    backlog.add("b", "b1");
    backlog.add("a", "a2");

    assertThat(backlog.take(10).byKey())
        .containsExactlyInAnyOrderEntriesOf(Map.of("a", List.of("a1", "a2"), "b", List.of("b1")));
    assertThat(backlog.take(10).isEmpty()).isTrue();
  }

  @Test
  void take_moreThanRoom_leavesTheYoungest() {
    backlog.add("a", "a1");
    backlog.add("a", "a2");
    backlog.add("a", "a3");

    Backlog.Batch<String> first = backlog.take(2);
    assertThat(first.items()).containsExactly("a1", "a2");
    backlog.done(first);
    assertThat(backlog.take(2).items()).containsExactly("a3");
  }

  @Test
  void add_toTakenKey_waitsForTheBatch() {
    backlog.add("a", "a1");
    Backlog.Batch<String> batch = backlog.take(10);
    backlog.add("a", "a2");

    assertThat(backlog.take(10).isEmpty()).isTrue();
    backlog.done(batch);
    assertThat(backlog.take(10).items()).containsExactly("a2");
  }

  @Test
  void split_failedBatch_triesItsKeysAlone() {
    backlog.add("a", "a1");
    backlog.add("a", "a2");
    backlog.add("b", "b1");
    backlog.split(backlog.take(10));

    Backlog.Batch<String> first = backlog.take(10);
    assertThat(first.isSingle()).isTrue();
    backlog.done(first);
    Backlog.Batch<String> second = backlog.take(10);
    assertThat(second.isSingle()).isTrue();
    assertThat(second.firstKey()).isNotEqualTo(first.firstKey());
  }

  @Test
  void rest_failingKey_letsOthersPass() {
    backlog.add("a", "a1");
    Backlog.Batch<String> bad = backlog.take(10);
    assertThat(backlog.rest(bad, true)).isEqualTo(1);
    backlog.add("a", "a2");
    backlog.add("b", "b1");

    assertThat(backlog.take(10).items()).containsExactly("b1");
    backlog.wake("a");
    Backlog.Batch<String> again = backlog.take(10);
    assertThat(again.items()).containsExactly("a1");
    assertThat(backlog.rest(again, true)).isEqualTo(2);
  }

  @Test
  void done_everything_leavesNothingBehind() {
    backlog.add("a", "a1");
    backlog.done(backlog.take(1));

    assertThat(backlog.size()).isZero();
    backlog.wake("a");
    assertThat(backlog.take(1).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyFailures_eventuallyGiveEachItemOnceInOrder(long seed) {
    Random random = new Random(seed);
    Map<String, List<Integer>> given = new HashMap<>();
    Map<String, List<Integer>> done = new HashMap<>();
    Set<String> resting = new HashSet<>();
    Backlog<Integer> numbers = new Backlog<>();
    for (int step = 0; step < 5_000 || numbers.size() > 0; step++) {
      if (step < 5_000) {
        String key = "k" + random.nextInt(20);
        numbers.add(key, step);
        given.computeIfAbsent(key, _ -> new ArrayList<>()).add(step);
      }
      if (random.nextInt(4) == 0 || step >= 5_000) {
        resting.forEach(numbers::wake);
        resting.clear();
      }
      Backlog.Batch<Integer> batch = numbers.take(1 + random.nextInt(16));
      if (batch.isEmpty()) {
        continue;
      }
      if (random.nextInt(3) > 0) {
        numbers.done(batch);
        batch
            .byKey()
            .forEach(
                (key, items) -> done.computeIfAbsent(key, _ -> new ArrayList<>()).addAll(items));
      } else if (batch.isSingle()) {
        numbers.rest(batch, true);
        resting.add(batch.firstKey());
      } else {
        numbers.split(batch);
      }
    }

    assertThat(done).isEqualTo(given);
  }
}

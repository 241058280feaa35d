package dev.athanor.otp.channels.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.presence.Gossip.Delta;
import dev.athanor.otp.channels.presence.Gossip.Item;
import dev.athanor.otp.channels.presence.Gossip.Range;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The laws of the lattice, for deltas and for whole shares, over random histories of a replica.
class ShareTest {
  private static final Meta META = new Meta("r", null, Payload.EMPTY);

  /// A random history: the deltas its replica might have sent, and a simple model of what is left.
  private static final class History {
    final Random random;
    final Own own;
    final TreeMap<Long, Item> model = new TreeMap<>();
    final List<Delta> deltas = new ArrayList<>();

    History(long seed) {
      random = new Random(seed);
      own = new Own(random.nextInt(20));
      long announced = 0;
      for (int i = random.nextInt(40); i >= 0; i--) {
        if (model.isEmpty() || random.nextInt(5) < 3) {
          Item item = own.add("t", "k" + random.nextInt(4), META);
          model.put(item.dot(), item);
        } else {
          List<Long> dots = List.copyOf(model.keySet());
          long dot = dots.get(random.nextInt(dots.size()));
          model.remove(dot);
          own.remove(dot);
        }
        if (random.nextInt(3) == 0) {
          deltas.add(own.since(announced));
          announced = own.clock();
        }
        if (random.nextInt(6) == 0) {
          deltas.add(own.since(random.nextLong(own.clock() + 1)));
        }
      }
      deltas.add(own.since(announced));
    }

    List<Delta> some() {
      return deltas.stream().filter(delta -> random.nextBoolean()).toList();
    }
  }

  private static Share of(List<Delta> deltas) {
    Share share = new Share();
    deltas.forEach(delta -> join(share, delta));
    return share;
  }

  private static Delta join(Share share, Delta delta) {
    share.join(delta, left -> {}, joined -> {});
    return share.whole();
  }

  private static Delta join(Delta one, Delta other) {
    return join(of(List.of(one)), other);
  }

  @Test
  void deltas_inAnyOrderAndRepeated_leaveWhatTheReplicaHas() {
    Seeds.within(
        Duration.ofMillis(700),
        seed -> {
          History history = new History(seed);
          List<Delta> mixed = new ArrayList<>(history.deltas);
          mixed.addAll(history.some());
          Collections.shuffle(mixed, history.random);
          Share share = of(mixed);
          assertThat(share.live()).containsExactlyElementsOf(history.model.values());
          assertThat(share.prefix()).isEqualTo(history.own.clock());
        });
  }

  @Test
  void join_ofAnyThree_isCommutativeAssociativeAndIdempotent() {
    Seeds.within(
        Duration.ofMillis(700),
        seed -> {
          History history = new History(seed);
          Delta a = of(history.some()).whole();
          Delta b = of(history.some()).whole();
          Delta c = history.deltas.get(history.random.nextInt(history.deltas.size()));
          assertThat(join(a, b)).isEqualTo(join(b, a));
          assertThat(join(a, c)).isEqualTo(join(c, a));
          assertThat(join(join(a, b), c)).isEqualTo(join(a, join(b, c)));
          assertThat(join(a, a)).isEqualTo(a);
          assertThat(join(join(a, c), c)).isEqualTo(join(a, c));
        });
  }

  @Test
  void join_eachTime_tellsExactlyWhatChanged() {
    Seeds.within(
        Duration.ofMillis(500),
        seed -> {
          History history = new History(seed);
          Share share = new Share();
          TreeMap<Long, Item> seen = new TreeMap<>();
          List<Delta> mixed = new ArrayList<>(history.deltas);
          Collections.shuffle(mixed, history.random);
          for (Delta delta : mixed) {
            share.join(
                delta,
                left -> assertThat(seen.remove(left.dot())).isEqualTo(left),
                joined -> assertThat(seen.put(joined.dot(), joined)).isNull());
            assertThat(share.live()).containsExactlyElementsOf(seen.values());
          }
        });
  }

  @Test
  void since_aClockTheJournalDoesNotReach_isEverything() {
    Own own = new Own(2);
    for (int i = 0; i < 10; i++) {
      own.add("t", "k" + i, META);
    }
    for (long dot = 1; dot <= 5; dot++) {
      own.remove(dot);
    }
    assertThat(own.since(11).known()).containsExactly(new Range(1, 15));
    assertThat(own.since(13).known()).containsExactly(new Range(4, 5), new Range(14, 15));
    assertThat(own.since(15).known()).isEmpty();
  }

  @Test
  void dots_addedInAnyOrder_becomeOneRange() {
    Seeds.times(
        200,
        seed -> {
          Random random = new Random(seed);
          Dots dots = new Dots();
          List<Long> all = new ArrayList<>();
          for (long dot = 1; dot <= 30; dot++) {
            all.add(dot);
          }
          Collections.shuffle(all, random);
          for (int i = 0; i < all.size(); i++) {
            dots.add(new Range(all.get(i), all.get(i)));
            assertThat(all.subList(0, i + 1)).allMatch(dots::contains);
            assertThat(all.subList(i + 1, all.size())).noneMatch(dots::contains);
          }
          assertThat(dots.ranges()).containsExactly(new Range(1, 30));
          dots.add(new Range(5, 40));
          assertThat(dots.prefix()).isEqualTo(40);
        });
  }
}

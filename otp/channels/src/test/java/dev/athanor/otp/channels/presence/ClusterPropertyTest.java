package dev.athanor.otp.channels.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// Random lives on a bad network: joins, updates, leaves, deaths, partitions, crashed trackers,
/// nodes that start again. When the network is well, every node sees exactly who is there.
class ClusterPropertyTest {
  private static final Duration BUDGET = Duration.ofSeconds(4);
  private static final Duration ROUND = Duration.ofSeconds(2);

  private record Entry(Hub.Member member, Pid<Object> pid, String topic, String key) {}

  private static final class Life {
    private final Hub hub;
    private final Random random;
    private final Map<Integer, Entry> alive = new TreeMap<>();
    private final Map<Entry, Integer> says = new HashMap<>();
    private final List<String> topics = List.copyOf(new TreeSet<>(Hub.TOPICS));
    private int next;

    private Life(long seed) {
      hub = new Hub(seed);
      random = new Random(seed);
      for (int i = 0; i < 2 + random.nextInt(3); i++) {
        hub.add(
            "n" + i,
            builder ->
                builder.periods(
                    Duration.ofMillis(1500),
                    10,
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(2),
                    20));
      }
      hub.loss = random.nextDouble() * 0.4;
      hub.repeats = random.nextDouble() * 0.3;
      hub.delayMillis = 1 + random.nextInt(4000);
    }

    private Hub.Member member() {
      List<Hub.Member> all = List.copyOf(hub.members.values());
      return all.get(random.nextInt(all.size()));
    }

    private void live() {
      for (int i = 30 + random.nextInt(50); i > 0; i--) {
        act();
        hub.scheduler.advance(ROUND.multipliedBy(random.nextInt(3)).plusMillis(random.nextInt(60)));
      }
      hub.heal();
      hub.scheduler.advance(Duration.ofSeconds(60));
      check();
    }

    private void act() {
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4, 5, 6 -> {
          Hub.Member at = member();
          Pid<Object> pid = at.someone();
          for (int keys = 1 + random.nextInt(2); keys > 0; keys--) {
            String topic = topics.get(random.nextInt(topics.size()));
            Entry entry = new Entry(at, pid, topic, "k" + random.nextInt(5));
            if (!alive.containsValue(entry)) {
              alive.put(next, entry);
              says.put(entry, next);
              at.presence.track(pid, topic, entry.key(), Payload.of(Map.of("v", next++)));
            }
          }
        }
        case 7, 8, 9 -> {
          Entry entry = any();
          if (entry != null) {
            says.put(entry, next);
            entry
                .member()
                .presence
                .update(entry.pid(), entry.topic(), entry.key(), Payload.of(Map.of("v", next++)));
          }
        }
        case 10, 11 -> {
          Entry entry = any();
          if (entry != null) {
            alive.values().remove(entry);
            entry.member().presence.untrack(entry.pid(), entry.topic(), entry.key());
          }
        }
        case 12, 13 -> {
          Entry entry = any();
          if (entry != null) {
            alive.values().removeIf(each -> each.pid().equals(entry.pid()));
            entry.member().node.exit(entry.pid(), ExitReason.KILL);
          }
        }
        case 14, 15 -> hub.cut(member().name, member().name);
        case 16 -> hub.cuts.clear();
        case 17 -> {
          hub.scheduler.runUntilIdle(); // what is in the mailbox is lost with it, as in any server
          Pid<?> tracker =
              Name.local("presence.trackers/" + random.nextInt(2)).whereis(member().node);
          if (tracker != null) {
            tracker.node().exit(tracker, ExitReason.KILL);
            hub.scheduler.runUntilIdle();
          }
        }
        case 18 -> {
          Hub.Member at = member();
          alive.values().removeIf(each -> each.member() == at);
          at.stop(random.nextBoolean() ? ExitReason.SHUTDOWN : ExitReason.KILL);
          hub.scheduler.advance(Duration.ofMillis(10 + random.nextInt(5000)));
          at.start(builder -> builder);
        }
        default -> hub.scheduler.advance(Duration.ofSeconds(random.nextInt(200)));
      }
    }

    private Entry any() {
      List<Entry> all = List.copyOf(alive.values());
      return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    private void check() {
      for (String topic : topics) {
        Map<String, List<String>> expected = new TreeMap<>();
        for (Entry entry : alive.values()) {
          if (entry.topic().equals(topic)) {
            expected
                .computeIfAbsent(entry.key(), key -> new ArrayList<>())
                .add("{\"v\":" + says.get(entry) + "}");
          }
        }
        expected.values().forEach(metas -> metas.sort(null));
        Map<String, Set<String>> refs = null;
        for (Hub.Member member : hub.members.values()) {
          assertThat(Hub.view(member, topic))
              .as("%s at %s", topic, member.name)
              .isEqualTo(expected);
          assertThat(member.presence.count(topic)).isEqualTo(expected.size());
          refs = refs == null ? Hub.refs(member, topic) : refs;
          assertThat(Hub.refs(member, topic)).isEqualTo(refs);
          assertThat(Objects.requireNonNull(member.believers.get(topic)).seen)
              .as("what clients of %s believe of %s", member.name, topic)
              .isEqualTo(refs);
        }
      }
    }
  }

  @Test
  void cluster_afterAnyLife_seesExactlyWhoIsThere(TestReporter reporter) {
    int lives = Seeds.within(BUDGET, seed -> new Life(seed).live());
    reporter.publishEntry("lives", String.valueOf(lives));
  }
}

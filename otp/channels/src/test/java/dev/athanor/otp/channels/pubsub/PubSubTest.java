package dev.athanor.otp.channels.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PubSubTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(7);
  private final Node node = Node.on(scheduler);
  private final PubSub pubSub = new PubSub(node);

  private Pid<Object> collector(List<Object> received) {
    return node.spawn(
        new Behavior<Object>() {
          @Override
          public void onMessage(Self<Object> self, Object message) {
            received.add(message);
          }
        });
  }

  @Test
  void broadcast_subscribers_receiveInOrder() {
    List<Object> first = new ArrayList<>();
    List<Object> second = new ArrayList<>();
    pubSub.subscribe("news", collector(first), String.class);
    Pid<Object> from = collector(second);
    pubSub.subscribe("news", from, String.class);
    pubSub.broadcast("news", "a");
    pubSub.broadcastFrom(from, "news", "b");
    pubSub.broadcast("other", "c");
    pubSub.localBroadcast("news", "d");
    pubSub.broadcast("news", 5);
    scheduler.runUntilIdle();
    assertThat(first).containsExactly("a", "b", "d");
    assertThat(second).containsExactly("a", "d");
  }

  @Test
  void subscribe_twice_receivesTwiceUntilCancelled() {
    List<Object> received = new ArrayList<>();
    Pid<Object> pid = collector(received);
    Subscription once = pubSub.subscribe("news", pid);
    pubSub.subscribe("news", pid);
    pubSub.broadcast("news", "post", "{}".getBytes(StandardCharsets.UTF_8));
    scheduler.runUntilIdle();
    assertThat(received).hasSize(2).contains(new Broadcast("news", "post", Payload.EMPTY));
    once.cancel();
    once.cancel();
    assertThat(pubSub.subscribers("news")).isEqualTo(1);
    assertThat(pubSub.unsubscribe("news", pid)).isTrue();
    assertThat(pubSub.unsubscribe("news", pid)).isFalse();
    assertThat(pubSub.topics()).isZero();
  }

  @Test
  void unsubscribe_hotTopic_findsEachSubscriptionOnce() {
    List<Pid<Object>> crowd = new ArrayList<>();
    List<Object> received = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      crowd.add(collector(received));
      pubSub.subscribe("news", crowd.get(i));
    }
    Pid<Object> twice = crowd.get(500);
    Subscription kept = pubSub.subscribe("news", twice);
    assertThat(pubSub.unsubscribe("news", crowd.get(0))).isTrue();
    assertThat(pubSub.unsubscribe("news", crowd.get(0))).isFalse();
    pubSub.subscribe("news", crowd.get(0));
    kept.cancel();
    assertThat(pubSub.unsubscribe("news", twice)).isTrue();
    assertThat(pubSub.unsubscribe("news", twice)).isFalse();
    node.exit(crowd.get(1), ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(pubSub.unsubscribe("news", crowd.get(1))).isFalse();
    pubSub.broadcast("news", "post", Payload.EMPTY);
    scheduler.runUntilIdle();
    assertThat(received).hasSize(998);
    crowd.removeAll(List.of(twice, crowd.get(1)));
    for (Pid<Object> pid : crowd) {
      assertThat(pubSub.unsubscribe("news", pid)).isTrue();
    }
    assertThat(pubSub.topics()).isZero();
  }

  @Test
  void directBroadcast_namesANode_reachesThatOneOnly() {
    List<String> carried = new ArrayList<>();
    PubSub clustered =
        new PubSub(
            node,
            new PubSub.Adapter() {
              @Override
              public String nodeName() {
                return "here";
              }

              @Override
              public void broadcast(String topic, Object message) {
                carried.add(topic + " " + message);
              }

              @Override
              public void directBroadcast(String node, String topic, Object message) {
                carried.add(node + " " + topic + " " + message);
              }
            });
    List<Object> received = new ArrayList<>();
    clustered.subscribe("news", collector(received), String.class);
    clustered.directBroadcast("here", "news", "a");
    clustered.directBroadcast("there", "news", "b");
    clustered.localBroadcast("news", "c");
    clustered.broadcast("news", "d");
    pubSub.directBroadcast("there", "news", "lost");
    scheduler.runUntilIdle();
    assertThat(received).containsExactly("a", "c", "d");
    assertThat(carried).containsExactly("there news b", "news d");
  }

  @Test
  void subscription_itsProcessEnds_isGone() {
    Pid<Object> pid = collector(new ArrayList<>());
    for (int i = 0; i < 100; i++) {
      pubSub.subscribe("topic" + i, pid);
    }
    assertThat(pubSub.topics()).isEqualTo(100);
    node.exit(pid, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(pubSub.topics()).isZero();
    pubSub.subscribe("late", pid);
    assertThat(pubSub.topics()).isZero();
  }

  @Test
  void fastlane_cancelledDuringADelivery_receivesNothingMore() {
    Lane lane = scheduler.lane(Kind.EVENT_LOOP);
    List<String> received = new ArrayList<>();
    Subscription[] second = new Subscription[1];
    pubSub.subscribe(
        "news",
        lane,
        delivery -> {
          received.add("first");
          second[0].cancel();
        },
        null);
    second[0] = pubSub.subscribe("news", lane, delivery -> received.add("second"), null);
    pubSub.broadcast("news", "x");
    scheduler.runUntilIdle();
    assertThat(received).containsExactly("first");
  }

  @Test
  void encoding_manySubscribers_isMadeOnceAndReleasedOnce() {
    Lane lane = scheduler.lane(Kind.EVENT_LOOP);
    List<String> log = new ArrayList<>();
    Delivery.Encoder<String> encoder =
        new Delivery.Encoder<>() {
          @Override
          public String encode(Broadcast message) {
            log.add("encode");
            return message.event();
          }

          @Override
          public void release(String encoding) {
            log.add("release");
          }
        };
    for (int i = 0; i < 3; i++) {
      pubSub.subscribe("news", lane, delivery -> log.add(delivery.encoded(encoder)), null);
    }
    pubSub.broadcast("news", "post", Payload.EMPTY);
    scheduler.runUntilIdle();
    assertThat(log).containsExactly("encode", "post", "post", "post", "release");
  }

  @Test
  void roster_randomComingAndGoing_holdsExactlyThosePresent() {
    Random random = new Random(1);
    Roster roster = new Roster();
    Topic topic = new Topic(pubSub, "x");
    Set<Subscription> present = new HashSet<>();
    List<Subscription> all = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      if (all.isEmpty() || random.nextInt(100) < (step < 10_000 ? 60 : 40)) {
        Subscription one = new Subscription(topic, roster, null, null, null);
        roster.add(one);
        all.add(one);
        present.add(one);
      } else {
        Subscription one = all.get(random.nextInt(all.size()));
        assertThat(roster.remove(one)).isEqualTo(present.remove(one));
      }
      if (step % 97 == 0) {
        Set<Subscription> seen = new HashSet<>();
        for (Subscription one : roster.snapshot()) {
          if (one == null) {
            break;
          }
          assertThat(seen.add(one)).isTrue();
        }
        assertThat(seen).isEqualTo(present);
      }
    }
  }
}

package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// A cluster on one deterministic scheduler, with a network that may lose, delay, repeat, reorder,
/// and be cut; and a client at each node that believes what diffs tell it.
final class Hub {
  static final Set<String> TOPICS = Set.of("a", "b", "c");

  final DeterministicScheduler scheduler;
  final Random random;
  final Map<String, Member> members = new TreeMap<>();

  /// Pairs of names, in order, that do not hear each other.
  final Set<List<String>> cuts = new HashSet<>();

  double loss;
  double repeats;
  int delayMillis = 1;

  Hub(long seed) {
    scheduler = new DeterministicScheduler(seed);
    random = scheduler.random();
  }

  /// One node. Its presence may be started again.
  final class Member {
    final String name;
    final Node node = Node.on(scheduler);
    final PubSub pubSub = new PubSub(node);
    final Map<String, Believer> believers = new TreeMap<>();
    Presence presence;
    Pid<Supervisor.Command> tree;

    Member(String name, UnaryOperator<PresenceBuilder> more) {
      this.name = name;
      for (String topic : new TreeSet<>(TOPICS)) {
        Believer believer = new Believer();
        believers.put(topic, believer);
        pubSub.subscribe(topic, node.spawn(believer));
      }
      start(more);
    }

    void start(UnaryOperator<PresenceBuilder> more) {
      presence =
          more.apply(
                  Presence.builder(node, pubSub)
                      .shards(2)
                      .clock(() -> Instant.ofEpochSecond(1_000, scheduler.nanoTime()))
                      .transport(name, new Net(name)))
              .build();
      tree = scheduler.await(presence.start()).orThrow();
    }

    void stop(ExitReason reason) {
      if (reason.isOrderly()) {
        scheduler.await(GenServer.stop(tree, reason, Duration.ofSeconds(5)));
      } else {
        node.exit(tree, reason);
        scheduler.runUntilIdle();
      }
      believers.values().forEach(believer -> believer.seen.clear());
    }

    Pid<Object> someone() {
      return node.spawn((Behavior<Object>) (self, message) -> {});
    }
  }

  /// What a client does with diffs, down to references.
  static final class Believer implements Behavior<Broadcast> {
    final Map<String, Set<String>> seen = new TreeMap<>();
    int diffs;

    @Override
    public void onMessage(Self<Broadcast> self, Broadcast message) {
      diffs++;
      message
          .payload()
          .json()
          .get("joins")
          .properties()
          .forEach(
              each ->
                  each.getValue()
                      .get("metas")
                      .forEach(
                          meta ->
                              seen.computeIfAbsent(each.getKey(), key -> new TreeSet<>())
                                  .add(meta.get("phx_ref").textValue())));
      message
          .payload()
          .json()
          .get("leaves")
          .properties()
          .forEach(
              each -> {
                Set<String> refs = seen.getOrDefault(each.getKey(), new TreeSet<>());
                each.getValue()
                    .get("metas")
                    .forEach(meta -> refs.remove(meta.get("phx_ref").textValue()));
                if (refs.isEmpty()) {
                  seen.remove(each.getKey());
                }
              });
    }
  }

  private final class Net implements Transport {
    private final String name;

    Net(String name) {
      this.name = name;
    }

    @Override
    public void broadcast(Gossip gossip) {
      for (String other : List.copyOf(members.keySet())) {
        if (!other.equals(name)) {
          carry(other, gossip);
        }
      }
    }

    @Override
    public void send(Replica to, Gossip gossip) {
      carry(to.name(), gossip);
    }

    private void carry(String to, Gossip gossip) {
      int copies = random.nextDouble() < repeats ? 2 : 1;
      for (int i = 0; i < copies; i++) {
        if (random.nextDouble() >= loss) {
          scheduler.schedule(
              random.nextInt(delayMillis) * 1_000_000L,
              () -> {
                if (!cuts.contains(List.of(name, to)) && members.containsKey(to)) {
                  Objects.requireNonNull(members.get(to)).presence.receive(gossip);
                }
              });
        }
      }
    }
  }

  Member add(String name) {
    return add(name, builder -> builder);
  }

  Member add(String name, UnaryOperator<PresenceBuilder> more) {
    Member member = new Member(name, more);
    members.put(name, member);
    return member;
  }

  void cut(String one, String other) {
    cuts.add(List.of(one, other));
    cuts.add(List.of(other, one));
  }

  void heal() {
    cuts.clear();
    loss = 0;
    repeats = 0;
    delayMillis = 1;
  }

  /// Who is seen at a node: keys with the metas, and without the references.
  static Map<String, List<String>> view(Member member, String topic) {
    Map<String, List<String>> view = new TreeMap<>();
    member
        .presence
        .list(topic)
        .forEach(
            (key, metas) -> {
              List<String> values = new ArrayList<>();
              metas.forEach(meta -> values.add(meta.value().toString()));
              values.sort(null);
              view.put(key, values);
            });
    return view;
  }

  /// The references seen at a node, by key.
  static Map<String, Set<String>> refs(Member member, String topic) {
    Map<String, Set<String>> refs = new TreeMap<>();
    member
        .presence
        .list(topic)
        .forEach(
            (key, metas) -> {
              Set<String> all = new TreeSet<>();
              metas.forEach(meta -> all.add(meta.ref()));
              refs.put(key, all);
            });
    return refs;
  }
}

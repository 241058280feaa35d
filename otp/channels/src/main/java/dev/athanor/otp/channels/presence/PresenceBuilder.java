package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.process.Node;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// How a presence is to be made.
public final class PresenceBuilder {
  /// What trackers go by.
  record Settings(
      Duration diffInterval,
      Duration heartbeat,
      int silentPeriods,
      Duration down,
      Duration permanentlyDown,
      int journal) {}

  final Node node;
  final PubSub pubSub;
  String name = "presence";
  String replica = "node";
  int shards = 4;
  InstantSource clock = InstantSource.system();
  Duration fetchTimeout = Duration.ofSeconds(5);
  Settings settings =
      new Settings(
          Duration.ofMillis(50),
          Duration.ofMillis(1500),
          10,
          Duration.ofSeconds(30),
          Duration.ofMinutes(20),
          10_000);
  @Nullable Fetch fetch;
  @Nullable PresenceListener listener;
  @Nullable Transport transport;

  PresenceBuilder(Node node, PubSub pubSub) {
    this.node = node;
    this.pubSub = pubSub;
  }

  /// What its processes are called; `presence` by default. Two presences of a node need two.
  ///
  /// @param value the name
  /// @return this
  public PresenceBuilder name(String value) {
    name = value;
    return this;
  }

  /// How many trackers share the topics, 4 by default; the same on all nodes of a cluster.
  ///
  /// @param value at least 1
  /// @return this
  public PresenceBuilder shards(int value) {
    shards = value;
    return this;
  }

  /// How long changes are collected after a diff before the next one is told; 50 ms by default.
  /// A change after a longer silence is told at once.
  ///
  /// @param value zero to tell whatever has been collected at the end of each turn
  /// @return this
  public PresenceBuilder diffInterval(Duration value) {
    settings =
        new Settings(
            value,
            settings.heartbeat,
            settings.silentPeriods,
            settings.down,
            settings.permanentlyDown,
            settings.journal);
    return this;
  }

  /// What more to tell of those who are there; nothing by default.
  ///
  /// @param value asked for every state and diff
  /// @return this
  public PresenceBuilder fetch(Fetch value) {
    fetch = value;
    return this;
  }

  /// Who takes part in what clients are told; nobody by default.
  ///
  /// @param value is called after every diff
  /// @return this
  public PresenceBuilder listener(PresenceListener value) {
    listener = value;
    return this;
  }

  /// What connects it with other nodes; alone by default.
  ///
  /// @param nodeName the name of this node, unique in the cluster
  /// @param value what carries gossip
  /// @return this
  public PresenceBuilder transport(String nodeName, Transport value) {
    replica = nodeName;
    transport = value;
    return this;
  }

  /// When others are missed: by default a heartbeat every 1.5 s while something changes and
  /// every tenth time (15 s) otherwise, down after 30 s, forgotten after 20 min, and the last
  /// 10,000 departures kept for those who missed some.
  ///
  /// @param heartbeat the time between two looks at what is new
  /// @param silentPeriods after how many of them something is said though nothing is new
  /// @param down after which silence a replica's entries are not seen; at least two such silences
  /// @param permanentlyDown after which silence they are forgotten; longer than that
  /// @param journal how many changes a delta may hold
  /// @return this
  public PresenceBuilder periods(
      Duration heartbeat, int silentPeriods, Duration down, Duration permanentlyDown, int journal) {
    if (down.compareTo(heartbeat.multipliedBy(2L * silentPeriods)) < 0
        || permanentlyDown.compareTo(down) <= 0) {
      throw new IllegalArgumentException(
          "expected heartbeat * silentPeriods * 2 <= down < permanentlyDown, got "
              + heartbeat
              + " * "
              + silentPeriods
              + ", "
              + down
              + ", "
              + permanentlyDown);
    }
    settings =
        new Settings(
            settings.diffInterval, heartbeat, silentPeriods, down, permanentlyDown, journal);
    return this;
  }

  /// What time it is when a tracker starts: its version. The system's clock by default.
  ///
  /// @param value the clock
  /// @return this
  public PresenceBuilder clock(InstantSource value) {
    clock = value;
    return this;
  }

  /// Makes the presence. It tracks once it has been started: see [Presence#child].
  ///
  /// @return a presence that knows of nobody
  public Presence build() {
    return new Presence(this);
  }
}

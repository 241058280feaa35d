package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.PartitionSupervisor;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.otp.telemetry.Event;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Who is there, under which topic and key: processes say so of themselves, and as long as they
/// live and do not take it back, everybody on every node knows (`Phoenix.Presence` and
/// `Phoenix.Tracker`).
///
/// A key is somebody, a reader's name for instance; each process tracked under it adds a [Meta].
/// Those who joined the topic receive `presence_diff` for all that changes, and a client's own
/// `Presence` class keeps the list up to date.
///
/// ```java
/// Presence presence = Presence.builder(node, pubSub).build();
/// SupervisorSpec.of(Strategy.ONE_FOR_ONE, presence.child());   // its place in a tree
///
/// protected JoinResult onJoin(String topic, Payload params) {  // in a channel
///   track(presence, "user:42", Payload.of(Map.of("online_at", now)));
///   return JoinResult.ok();
/// }
/// ```
///
/// All methods may be called from any thread and none blocks. Reading looks into tables; changes
/// are made by the tracker the topic falls to, one after the other, and their stages fail as
/// [GenServer#call] does when it does not run. Limits: none of its own; a state is sent whole to
/// each newcomer, so rooms of many thousands had better show [#count].
///
/// Shared between threads: `board` (volatile, set when the process that owns the tables starts)
/// and `lastVersion` (atomic).
public final class Presence {
  private final Node node;
  private final PubSub pubSub;
  private final String name;
  private final String replica;
  private final InstantSource clock;
  private final PresenceBuilder.Settings settings;
  private final Fetcher fetcher;
  private final @Nullable PresenceListener listener;
  private final @Nullable Transport transport;
  private final PartitionSupervisor<Tracker.Command> trackers;
  private final List<Desk> desks;
  private final AtomicLong lastVersion = new AtomicLong();
  private volatile @Nullable Board board;

  Presence(PresenceBuilder builder) {
    node = builder.node;
    pubSub = builder.pubSub;
    name = builder.name;
    replica = builder.replica;
    clock = builder.clock;
    settings = builder.settings;
    listener = builder.listener;
    transport = builder.transport;
    fetcher = new Fetcher(node, builder.fetch, builder.fetchTimeout.toNanos());
    desks = IntStream.range(0, builder.shards).mapToObj(shard -> new Desk()).toList();
    trackers =
        PartitionSupervisor.of(
            name + ".trackers",
            builder.shards,
            shard ->
                ChildSpec.server(
                    shard, () -> new Tracker(this, Objects.requireNonNull(board), shard)));
  }

  /// Starts the description of a presence.
  ///
  /// @param node whose processes are tracked
  /// @param pubSub where diffs are told
  /// @return a builder with the defaults
  public static PresenceBuilder builder(Node node, PubSub pubSub) {
    return new PresenceBuilder(node, pubSub);
  }

  // ---- starting
  // ----------------------------------------------------------------------------------

  /// It as a child of a supervisor: the owner of its tables, and the trackers. A tracker that
  /// crashes finds the processes of this node in the tables again; on a node that is alone clients
  /// notice nothing. Those other nodes have told of go, and come again with their next heartbeats.
  ///
  /// @return the spec
  public ChildSpec child() {
    return ChildSpec.supervisor(name, tree());
  }

  /// Starts it without a supervisor above it.
  ///
  /// @return the outcome, when all trackers are up
  public CompletionStage<StartResult<Supervisor.Command>> start() {
    return Supervisor.start(node, tree());
  }

  private SupervisorSpec tree() {
    return SupervisorSpec.of(
        Strategy.REST_FOR_ONE, ChildSpec.server(name + ".tables", Tabling::new), trackers.child());
  }

  /// Owns the tables and does nothing else; a server, so that trackers start when they are there.
  private final class Tabling implements GenServer<Void, Board> {
    @Override
    public InitResult<Board> init(ServerSelf<Void> self) {
      Board made = new Board(new Tables(node), name, self.pid());
      board = made;
      return InitResult.ok(made);
    }
  }

  // ---- changing
  // ----------------------------------------------------------------------------------

  /// Tracks a process under a topic and a key (`track/4`), until it ends or is untracked.
  ///
  /// @param pid a process of this node
  /// @param topic where
  /// @param key who
  /// @param meta what is said of it, a JSON object
  /// @return [Outcome.Tracked] or [Outcome.AlreadyTracked]
  /// @throws IllegalArgumentException when the meta is no JSON object or the key no Unicode
  public CompletionStage<Outcome> track(Pid<?> pid, String topic, String key, Payload meta) {
    return trackAll(pid, topic, Map.of(key, meta)).thenApply(outcomes -> one(outcomes, key));
  }

  /// Tracks a process under many keys of a topic, in one message and one diff.
  ///
  /// @param pid a process of this node
  /// @param topic where
  /// @param metas what is said, by key
  /// @return the outcomes by key
  /// @throws IllegalArgumentException when a meta is no JSON object or a key no Unicode
  public CompletionStage<Map<String, Outcome>> trackAll(
      Pid<?> pid, String topic, Map<String, Payload> metas) {
    Map<String, Payload> checked = new LinkedHashMap<>();
    metas.forEach((key, meta) -> checked.put(Meta.checkedKey(key), Meta.checked(meta)));
    return GenServer.<Map<String, Outcome>, Tracker.Track>call(
        node, trackers.via(topic), new Tracker.Track(pid, topic, checked));
  }

  /// Tracks a process and asks who is there. The answer comes right after the diff that tells
  /// everybody of it, so what it holds and the diffs that follow are all there is to know.
  /// Tracking again under the same key changes nothing and answers the same.
  ///
  /// @param pid a process of this node
  /// @param topic where
  /// @param key who
  /// @param meta what is said of it, a JSON object
  /// @return the payload of `presence_state`, one for all who joined since the last diff
  /// @throws IllegalArgumentException when the meta is no JSON object or the key no Unicode
  public CompletionStage<Payload> join(Pid<?> pid, String topic, String key, Payload meta) {
    return GenServer.<Payload, Tracker.Join>call(
        node,
        trackers.via(topic),
        new Tracker.Join(pid, topic, Meta.checkedKey(key), Meta.checked(meta)));
  }

  /// Replaces what is said of a process (`update/4`).
  ///
  /// @param pid the process
  /// @param topic where
  /// @param key who
  /// @param meta what is said from now on, a JSON object
  /// @return [Outcome.Tracked] with the new reference, or [Outcome.NotTracked]
  /// @throws IllegalArgumentException when the meta is no JSON object
  public CompletionStage<Outcome> update(Pid<?> pid, String topic, String key, Payload meta) {
    Payload checked = Meta.checked(meta);
    return update(pid, topic, key, old -> checked);
  }

  /// Changes what is said of a process.
  ///
  /// @param pid the process
  /// @param topic where
  /// @param key who
  /// @param change makes the new meta from the old one; runs in the tracker, must be quick
  /// @return [Outcome.Tracked] with the new reference, [Outcome.NotTracked] or [Outcome.Failed]
  public CompletionStage<Outcome> update(
      Pid<?> pid, String topic, String key, UnaryOperator<Payload> change) {
    return updateAll(pid, topic, Map.of(key, change)).thenApply(outcomes -> one(outcomes, key));
  }

  /// Changes what is said of a process under many keys, in one message and one diff.
  ///
  /// @param pid the process
  /// @param topic where
  /// @param changes what makes the new metas from the old ones, by key
  /// @return the outcomes by key
  public CompletionStage<Map<String, Outcome>> updateAll(
      Pid<?> pid, String topic, Map<String, UnaryOperator<Payload>> changes) {
    return GenServer.<Map<String, Outcome>, Tracker.Update>call(
        node, trackers.via(topic), new Tracker.Update(pid, topic, Map.copyOf(changes)));
  }

  /// Tracks a process no longer under a topic and key (`untrack/3`).
  ///
  /// @param pid the process
  /// @param topic where
  /// @param key who
  /// @return whether it was tracked
  public CompletionStage<Boolean> untrack(Pid<?> pid, String topic, String key) {
    return GenServer.<Boolean, Tracker.Untrack>call(
        node, trackers.via(topic), new Tracker.Untrack(pid, topic, key));
  }

  /// Tracks a process no longer at all (`untrack/1`).
  ///
  /// @param pid the process
  /// @return under how many topics and keys it was tracked
  public CompletionStage<Integer> untrack(Pid<?> pid) {
    CompletionStage<Integer> all = CompletableFuture.completedStage(0);
    for (int shard = 0; shard < trackers.partitions(); shard++) {
      all =
          all.thenCombine(
              GenServer.<Integer, Tracker.UntrackAll>call(
                  node, trackers.via(shard), new Tracker.UntrackAll(pid)),
              Integer::sum);
    }
    return all;
  }

  private static Outcome one(Map<String, Outcome> outcomes, String key) {
    return Objects.requireNonNull(outcomes.get(key));
  }

  // ---- reading
  // -----------------------------------------------------------------------------------

  /// Who is seen under a topic (`list/1`), before [Fetch] adds to it.
  ///
  /// @param topic the topic
  /// @return the metas by key, in the order of the keys; the oldest meta first
  public Map<String, List<Meta>> list(String topic) {
    Board seen = board;
    return seen == null ? Map.of() : seen.list(topic);
  }

  /// What is said of somebody (`get_by_key/2`).
  ///
  /// @param topic where
  /// @param key who
  /// @return the metas, the oldest first; none when nobody is there under this key
  public List<Meta> get(String topic, String key) {
    Board seen = board;
    return seen == null ? List.of() : seen.get(topic, key);
  }

  /// How many keys are seen under a topic; O(1).
  ///
  /// @param topic the topic
  /// @return zero or more
  public int count(String topic) {
    Board seen = board;
    return seen == null ? 0 : seen.count(topic);
  }

  /// Who is seen under a topic as clients want it, for a channel that is not tracked itself; what
  /// it holds and the diffs that follow are all there is to know.
  ///
  /// @param topic the topic
  /// @return the payload of `presence_state`
  public CompletionStage<Payload> state(String topic) {
    Map<String, List<Meta>> there = list(topic);
    return fetcher.fetch(topic, there).thenApply(more -> Presences.state(there, more));
  }

  // ---- for transports
  // ----------------------------------------------------------------------------

  /// Takes what another node sent. Nodes with another number of trackers are not listened to; that
  /// is the event `athanor.presence.mismatch`.
  ///
  /// @param gossip what came
  public void receive(Gossip gossip) {
    Replica from = gossip.from();
    if (from.name().equals(replica)) {
      return;
    }
    if (from.shards() == trackers.partitions()) {
      GenServer.cast(node, trackers.via(from.shard()), new Tracker.Heard(gossip));
    } else if (node.telemetry().isAttached("athanor.presence.mismatch")) {
      node.telemetry()
          .execute(
              Event.of(
                  "athanor.presence.mismatch",
                  Map.of(
                      "replica", from.name(),
                      "shards", from.shards(),
                      "expected", trackers.partitions())));
    }
  }

  // ---- for trackers
  // ------------------------------------------------------------------------------

  Desk desk(int shard) {
    return desks.get(shard);
  }

  int shard(String topic) {
    return trackers.partition(topic);
  }

  /// A name nobody has had before, in the same millisecond neither.
  Replica newReplica(int shard) {
    long now = clock.millis() * 1000;
    long version = lastVersion.updateAndGet(last -> Math.max(last + 1, now));
    return new Replica(replica, shard, trackers.partitions(), version);
  }

  /// Unique in the cluster: by node, life of the tracker, and change.
  String ref(Replica tracker, long dot) {
    String life = Long.toString(tracker.version(), 36) + "-" + Long.toString(dot, 36);
    return isAlone() ? life : Integer.toString(replica.hashCode(), 36) + "." + life;
  }

  boolean isAlone() {
    return transport == null;
  }

  void broadcast(Gossip gossip) {
    if (transport != null) {
      transport.broadcast(gossip);
    }
  }

  void send(Replica to, Gossip gossip) {
    if (transport != null) {
      transport.send(to, gossip);
    }
  }

  PresenceBuilder.Settings settings() {
    return settings;
  }

  PubSub pubSub() {
    return pubSub;
  }

  Fetcher fetcher() {
    return fetcher;
  }

  @Nullable PresenceListener listener() {
    return listener;
  }
}

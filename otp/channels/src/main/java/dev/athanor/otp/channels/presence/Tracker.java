package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.presence.Gossip.Delta;
import dev.athanor.otp.channels.presence.Gossip.Item;
import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.MonitorRef;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.telemetry.Event;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One tracker (`Phoenix.Tracker.Shard`): keeps the book on the topics that fall to it, and tells
/// those who listen to them, and the trackers of other nodes, what changes.
///
/// Diffs: what changes is collected, and told when everything that waits in the mailbox now has
/// been handled, but at most once in the interval between diffs. So a change in a quiet minute is
/// told at once, and ten thousand joins in a second are told in twenty diffs, not in ten thousand.
/// While the application is asked for more, changes go on collecting; so diffs keep their order.
final class Tracker implements GenServer<Tracker.Command, Tracker>, Peers.Watcher {
  /// What a tracker understands.
  sealed interface Command {}

  /// Tracks; the state is for who asked, when the diff has been told.
  record Join(Pid<?> pid, String topic, String key, Payload meta)
      implements Command, Request<Payload> {}

  record Track(Pid<?> pid, String topic, Map<String, Payload> metas)
      implements Command, Request<Map<String, Outcome>> {}

  record Update(Pid<?> pid, String topic, Map<String, UnaryOperator<Payload>> changes)
      implements Command, Request<Map<String, Outcome>> {}

  record Untrack(Pid<?> pid, String topic, String key) implements Command, Request<Boolean> {}

  record UntrackAll(Pid<?> pid) implements Command, Request<Integer> {}

  record Heard(Gossip gossip) implements Command {}

  private static final String FLUSH = "flush";
  private static final String TICK = "tick";

  /// A process that is tracked under at least one key.
  private static final class Watch {
    final MonitorRef monitor;
    int entries;

    Watch(MonitorRef monitor) {
      this.monitor = monitor;
    }
  }

  private final Presence presence;
  private final Board board;
  private final Desk desk;
  private final Replica replica;
  private final Own own;
  private final Peers peers;
  private final PresenceBuilder.Settings settings;
  private final Map<Pid<?>, Watch> watched = new HashMap<>();
  private @Nullable ServerSelf<Command> server;
  private boolean flushQueued;
  private boolean everTold;
  private long lastTold;
  private long announced;
  private int silent;

  Tracker(Presence presence, Board board, int shard) {
    this.presence = presence;
    this.board = board;
    this.desk = presence.desk(shard);
    this.settings = presence.settings();
    this.replica = presence.newReplica(shard);
    this.own = new Own(presence.isAlone() ? 0 : settings.journal());
    this.peers =
        new Peers(replica, this, settings.down().toNanos(), settings.permanentlyDown().toNanos());
    this.silent = settings.silentPeriods();
  }

  private ServerSelf<Command> self() {
    return Objects.requireNonNull(server);
  }

  private Node node() {
    return self().node();
  }

  private long now() {
    return node().scheduler().nanoTime();
  }

  @Override
  public InitResult<Tracker> init(ServerSelf<Command> self) {
    server = self;
    self.trapExit(true);
    recover();
    if (!presence.isAlone()) {
      Duration stagger = settings.heartbeat().dividedBy(4 + replica.version() % 16);
      later(stagger, TICK);
    }
    return InitResult.ok(this);
  }

  /// After a crash the processes are still there, and the tables say which; what other nodes had
  /// said comes again by itself. What the predecessor was about to tell is told first; clients do
  /// not mind hearing it twice.
  private void recover() {
    for (Desk.Told told = desk.telling.poll(); told != null; told = desk.telling.poll()) {
      tell(told.plainly());
    }
    if (!desk.news.isEmpty()) {
      queueFlush();
    }
    Set<String> refs = new HashSet<>();
    List<Item> seen = board.seen(presence, replica.shard());
    Set<String> shown = new HashSet<>();
    seen.forEach(item -> shown.add(item.meta().ref()));
    List<Board.Held> held = board.held(presence, replica.shard());
    for (Board.Held each : held) {
      Item old = each.item();
      Item item = own.add(old.topic(), old.key(), old.meta());
      board.hold(each.pid(), item);
      watch(each.pid());
      refs.add(item.meta().ref());
      if (!shown.contains(item.meta().ref())) {
        appeared(item);
      }
    }
    for (Item item : seen) {
      if (!refs.contains(item.meta().ref())) {
        vanished(item);
      }
    }
    if (!held.isEmpty()) {
      event("recovered", Map.of("presences", held.size()), Map.of("shard", replica.shard()));
    }
  }

  // ---- requests
  // ----------------------------------------------------------------------------------

  @Override
  @SuppressWarnings("unchecked")
  public Next<Tracker> handleCall(Command request, From<?> from, Tracker state) {
    return switch (request) {
      case Join join -> {
        track(join.pid(), join.topic(), join.key(), join.meta());
        news(join.topic()).newcomers.add((From<Payload>) from);
        yield Next.noReply(this);
      }
      case Track track -> {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        track
            .metas()
            .forEach(
                (key, meta) -> outcomes.put(key, track(track.pid(), track.topic(), key, meta)));
        yield Next.reply(track, outcomes, this);
      }
      case Update update -> {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        update
            .changes()
            .forEach(
                (key, change) ->
                    outcomes.put(key, update(update.pid(), update.topic(), key, change)));
        yield Next.reply(update, outcomes, this);
      }
      case Untrack untrack -> {
        Board.Held held = board.held(untrack.pid(), untrack.topic(), untrack.key());
        if (held != null) {
          drop(held);
        }
        yield Next.reply(untrack, held != null, this);
      }
      case UntrackAll untrack -> Next.reply(untrack, dropAll(untrack.pid()), this);
      case Heard heard -> throw new IllegalArgumentException("not a call: " + heard);
    };
  }

  private Outcome track(Pid<?> pid, String topic, String key, Payload meta) {
    Board.Held held = board.held(pid, topic, key);
    if (held != null) {
      return new Outcome.AlreadyTracked(held.item().meta().ref());
    }
    Item item = own.add(topic, key, new Meta(presence.ref(replica, own.nextDot()), null, meta));
    board.hold(pid, item);
    watch(pid);
    appeared(item);
    return new Outcome.Tracked(item.meta().ref());
  }

  private Outcome update(Pid<?> pid, String topic, String key, UnaryOperator<Payload> change) {
    Board.Held held = board.held(pid, topic, key);
    if (held == null) {
      return new Outcome.NotTracked();
    }
    Item old = held.item();
    Payload value;
    try {
      value = Meta.checked(change.apply(old.meta().value()));
    } catch (RuntimeException failure) {
      return new Outcome.Failed(failure);
    }
    own.remove(old.dot());
    String ref = presence.ref(replica, own.nextDot());
    Item item = own.add(topic, key, new Meta(ref, old.meta().ref(), value));
    board.hold(pid, item);
    board.swap(old, item);
    TopicNews changed = news(topic);
    changed.leave(old);
    changed.join(item);
    return new Outcome.Tracked(ref);
  }

  private void watch(Pid<?> pid) {
    Watch watch = watched.get(pid);
    if (watch == null) {
      watch = new Watch(self().monitor(pid));
      watched.put(pid, watch);
    }
    watch.entries++;
  }

  private void drop(Board.Held held) {
    Watch watch = watched.get(held.pid());
    if (watch != null && --watch.entries == 0) {
      watched.remove(held.pid());
      self().demonitor(watch.monitor, true);
    }
    forget(held);
  }

  private void forget(Board.Held held) {
    own.remove(held.item().dot());
    board.release(held.pid(), held.item());
    vanished(held.item());
  }

  private int dropAll(Pid<?> pid) {
    Watch watch = watched.remove(pid);
    if (watch == null) {
      return 0;
    }
    self().demonitor(watch.monitor, true);
    int dropped = 0;
    for (Board.Held held : board.held(pid)) {
      if (presence.shard(held.item().topic()) == replica.shard()) {
        forget(held);
        dropped++;
      }
    }
    return dropped;
  }

  // ---- what else comes
  // ---------------------------------------------------------------------------

  @Override
  public Next<Tracker> handleCast(Command message, Tracker state) {
    if (message instanceof Heard heard) {
      switch (heard.gossip()) {
        case Gossip.Heartbeat beat -> peers.heartbeat(beat, now());
        case Gossip.Transfer transfer -> peers.transfer(transfer);
        case Gossip.Goodbye goodbye -> peers.goodbye(goodbye, now());
        case Gossip.Request asked -> {
          if (asked.version() == replica.version()) {
            presence.send(asked.from(), new Gossip.Transfer(replica, own.since(asked.after())));
          }
        }
      }
    }
    return Next.noReply(this);
  }

  @Override
  public Next<Tracker> handleInfo(Info info, Tracker state) {
    switch (info) {
      case Info.Down down -> dropAll(down.pid());
      case Info.Message(Object message) when message.equals(FLUSH) -> flush();
      case Info.Message(Object message) when message.equals(TICK) -> tick();
      case Info.Message _, Info.Exit _, Info.Timeout _ -> {}
    }
    return Next.noReply(this);
  }

  private void tick() {
    long clock = own.clock();
    if (clock != announced || ++silent >= settings.silentPeriods()) {
      Delta delta = own.since(announced);
      boolean fits = delta.live().size() + delta.known().size() <= settings.journal();
      presence.broadcast(
          new Gossip.Heartbeat(replica, clock, clock != announced && fits ? delta : null));
      announced = clock;
      silent = 0;
    }
    peers.findDown(now());
    peers.missing().forEach(presence::send);
    later(settings.heartbeat(), TICK);
  }

  /// The replicas that are up, by name.
  List<String> up() {
    return peers.up();
  }

  @Override
  public void terminate(ExitReason reason, Tracker state) {
    presence.broadcast(new Gossip.Goodbye(replica));
  }

  // ---- what is told
  // ------------------------------------------------------------------------------

  @Override
  public void appeared(Item item) {
    board.show(item);
    news(item.topic()).join(item);
  }

  @Override
  public void vanished(Item item) {
    board.hide(item);
    news(item.topic()).leave(item);
  }

  @Override
  public void noted(String name, Replica other) {
    event(name, Map.of(), Map.of("replica", other.name(), "shard", replica.shard()));
  }

  private TopicNews news(String topic) {
    queueFlush();
    return desk.news.computeIfAbsent(topic, fresh -> new TopicNews());
  }

  private void queueFlush() {
    if (flushQueued || !desk.telling.isEmpty()) {
      return;
    }
    flushQueued = true;
    long wait = everTold ? lastTold + settings.diffInterval().toNanos() - now() : 0;
    if (wait <= 0) {
      send(FLUSH);
    } else {
      later(Duration.ofNanos(wait), FLUSH);
    }
  }

  private void flush() {
    flushQueued = false;
    if (!desk.telling.isEmpty() || desk.news.isEmpty()) {
      return;
    }
    everTold = true;
    lastTold = now();
    ArrayDeque<Desk.Told> batch = new ArrayDeque<>(desk.news.size());
    Fetcher fetcher = presence.fetcher();
    desk.news.forEach(
        (topic, changed) -> {
          Map<String, List<Meta>> there =
              changed.newcomers.isEmpty() ? Map.of() : board.list(topic);
          Map<String, List<Meta>> both = new LinkedHashMap<>(changed.left());
          both.putAll(changed.joined());
          batch.add(
              new Desk.Told(
                  topic, changed, there, fetcher.fetch(topic, both), fetcher.fetch(topic, there)));
        });
    desk.news = new LinkedHashMap<>();
    desk.telling = batch;
    if (fetcher.isIdle()) {
      tellAll();
    } else {
      CompletableFuture<?>[] asked =
          batch.stream()
              .map(told -> CompletableFuture.allOf(told.more(), told.moreOfAll()))
              .toArray(CompletableFuture[]::new);
      self()
          .await(
              CompletableFuture.allOf(asked),
              (done, failure) -> {
                tellAll();
                if (!desk.news.isEmpty()) {
                  queueFlush();
                }
              });
    }
  }

  private void tellAll() {
    for (Desk.Told told = desk.telling.poll(); told != null; told = desk.telling.poll()) {
      tell(told);
    }
  }

  /// What cannot be told, a key of another node's that is no Unicode for instance, is an event: it
  /// must not keep others from being told.
  private void tell(Desk.Told told) {
    TopicNews changed = told.news();
    try {
      if (!changed.isEmpty()) {
        tellDiff(told);
      }
      if (!changed.newcomers.isEmpty()) {
        Payload state = Presences.state(told.there(), told.moreOfAll().join());
        changed.newcomers.forEach(newcomer -> newcomer.reply(state));
      }
    } catch (RuntimeException failure) {
      event("tell_failed", Map.of(), Map.of("topic", told.topic(), "cause", failure));
    }
  }

  private void tellDiff(Desk.Told told) {
    TopicNews changed = told.news();
    String topic = told.topic();
    Map<String, List<Meta>> joined = changed.joined();
    Map<String, List<Meta>> left = changed.left();
    if (presence.pubSub().subscribers(topic) > 0) {
      Payload diff = Presences.diff(joined, left, told.more().join());
      presence.pubSub().localBroadcast(topic, new Broadcast(topic, "presence_diff", diff));
    }
    event(
        "diff",
        Map.of("joins", changed.joins(), "leaves", changed.leaves()),
        Map.of("topic", topic));
    listen(topic, joined, left);
  }

  private void listen(String topic, Map<String, List<Meta>> joined, Map<String, List<Meta>> left) {
    PresenceListener listener = presence.listener();
    if (listener != null) {
      try {
        listener.changed(topic, joined, left);
      } catch (RuntimeException failure) {
        event("listener_failed", Map.of(), Map.of("topic", topic, "cause", failure));
      }
    }
  }

  private void event(String name, Map<String, ? extends Number> measured, Map<String, ?> about) {
    String full = "athanor.presence." + name;
    if (node().telemetry().isAttached(full)) {
      node().telemetry().execute(new Event(full, measured, about));
    }
  }

  @SuppressWarnings("unchecked")
  private void send(String message) {
    ((Pid<Object>) (Pid<?>) self().pid()).send(message);
  }

  @SuppressWarnings("unchecked")
  private void later(Duration delay, String message) {
    self().sendAfter(delay, (Pid<Object>) (Pid<?>) self().pid(), message);
  }
}

package dev.athanor.domain.outbox;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.telemetry.Event;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Carries the events of one shard from the outbox to the broker, in order for each key and at
/// least once. One process a shard on every node that relays; one of them is active in the
/// database.
///
/// It holds one connection of its own, on which it listens for commits, reads, marks, and stands
/// for election ([RelaySeat]); the election's locks go with the connection, whatever end it comes
/// to. It asks who ought to relay every second; a connection on which that has no answer within
/// 10 s is dead, whatever the network says of it, and another takes its place.
///
/// While active it keeps a window of events under way. Each look asks for what waits and is not
/// under way, from the lowest place on, in one statement and so as of one moment. A cursor would
/// not do: a transaction that had its place before one that was read may commit after it, and the
/// next event of its key, which has a higher place, be seen by a look ahead before a look behind
/// found the first. As of one moment an event is visible only with all before it of its key, since
/// who appends holds a lock on what the key names. What has arrived is marked by one statement for
/// all that gathered during the one before.
///
/// A death at any point loses nothing: what was not marked is read again by the next relay, and
/// goes to the broker a second time if it had it. When the broker fails, nothing more is sent
/// until the fate of all that is under way is known; then it is read again. Failures of the
/// database or the broker are waited out; anything else crashes the process, and its supervisor
/// starts it anew.
final class OutboxRelay implements GenServer<OutboxRelay.Signal, OutboxRelay.Phase> {
  static final int BATCH = 512;

  /// The most events read and not yet marked.
  static final int WINDOW = 1_024;

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final RelayPost post;
  private final int shard;
  private final RelaySeat seat;

  private @Nullable ServerSelf<Signal> self;
  private @Nullable PgConnection connection;
  private Duration pause = SHORTEST_PAUSE;
  private boolean connecting;
  private boolean candidate;
  private boolean surveying;
  private long surveyedAtNanos;
  private boolean electing;
  private boolean yielding;
  private int ticks;

  private Broker.@Nullable Lane lane;
  private final Set<Long> underWay = new HashSet<>();
  private final List<Long> arrived = new ArrayList<>();
  private final Map<Long, String> dead = new HashMap<>();
  private final Set<Long> marking = new HashSet<>();
  private boolean woken;
  private boolean reading;
  private boolean resting;
  private boolean broken;

  /// @param post what the relays of this node share
  /// @param shard which shard this one carries
  OutboxRelay(RelayPost post, int shard) {
    this.post = post;
    this.shard = shard;
    this.seat = new RelaySeat(shard, post.node());
  }

  /// Where the relay is in its life.
  enum Phase {
    CONNECTING,
    STANDING_BY,
    ACTIVE
  }

  /// What the relay hears.
  sealed interface Signal {
    /// What says nothing but that it is time.
    enum Plain implements Signal {
      WAKE,
      TICK,
      TRY_AGAIN
    }

    /// An attempt to connect is over.
    record Connected(@Nullable PgConnection connection) implements Signal {}

    /// A connection is gone.
    record Lost(PgConnection lost) implements Signal {}

    /// The candidates were counted, or could not be.
    record Surveyed(PgConnection on, @Nullable Boolean assigned) implements Signal {}

    /// The lock was tried.
    record Elected(PgConnection on, boolean won) implements Signal {}

    /// The lock was given back.
    record Released(PgConnection on) implements Signal {}

    /// Events were read, or could not be.
    record Loaded(PgConnection on, @Nullable List<DomainEvent> events) implements Signal {}

    /// The fate of an event is known, or the lane failed.
    record Settled(PgConnection on, long seq, Broker.@Nullable Fate fate) implements Signal {}

    /// What has arrived is marked, or could not be.
    record Marked(PgConnection on, boolean ok) implements Signal {}
  }

  @Override
  public InitResult<Phase> init(ServerSelf<Signal> self) {
    this.self = self;
    self.trapExit(true);
    self.sendInterval(TICK, self.pid(), Signal.Plain.TICK);
    post.bell().answeredBy(shard, () -> GenServer.cast(self.pid(), Signal.Plain.WAKE));
    connect();
    return InitResult.ok(Phase.CONNECTING);
  }

  @Override
  public Next<Phase> handleInfo(Info info, Phase phase) {
    return switch (info) {
      case Info.Message(Signal signal) -> handleCast(signal, phase);
      case Info.Message _, Info.Exit _, Info.Down _, Info.Timeout _ -> Next.noReply(phase);
    };
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // is it about this connection, or about one that is gone
  public Next<Phase> handleCast(Signal signal, Phase phase) {
    Phase next =
        switch (signal) {
          case Signal.Plain plain -> plain(plain, phase);
          case Signal.Connected(var opened) -> connected(opened);
          case Signal.Lost(var gone) -> gone == connection ? lost() : phase;
          case Signal.Surveyed(var on, var assigned) ->
              on == connection ? surveyed(assigned, phase) : phase;
          case Signal.Elected(var on, var won) -> on == connection ? elected(won) : phase;
          case Signal.Released(var on) -> on == connection ? Phase.STANDING_BY : phase;
          case Signal.Loaded(var on, var events) -> {
            if (on == connection) {
              loaded(on, events);
            }
            yield phase;
          }
          case Signal.Settled(var on, var seq, var fate) -> {
            if (on == connection) {
              settled(seq, fate);
            }
            yield phase;
          }
          case Signal.Marked(var on, var ok) -> {
            if (on == connection) {
              marked(ok);
            }
            yield phase;
          }
        };
    if (next == Phase.ACTIVE) {
      go();
    }
    post.active(shard, next == Phase.ACTIVE);
    return Next.noReply(next);
  }

  @Override
  public @Nullable CompletionStage<?> prepareToStop(ExitReason reason, Phase phase) {
    post.bell().answeredBy(shard, () -> {});
    post.active(shard, false);
    PgConnection open = connection;
    connection = null;
    return open == null ? null : open.close().toCompletionStage();
  }

  private Phase plain(Signal.Plain signal, Phase phase) {
    switch (signal) {
      case WAKE -> woken = true;
      // Every fifth says what a lost notification would have said.
      case TICK -> woken |= ++ticks % 5 == 0;
      case TRY_AGAIN -> {
        resting = false;
        switch (phase) {
          case CONNECTING -> connect();
          case STANDING_BY -> survey();
          case ACTIVE -> {}
        }
      }
    }
    if (phase != Phase.CONNECTING && (signal == Signal.Plain.TICK || mustLeave())) {
      if (isOverdue()) {
        return giveUp();
      }
      survey();
    }
    return phase;
  }

  private boolean isOverdue() {
    return surveying && now() - surveyedAtNanos > post.database().patience().toNanos();
  }

  private boolean mustLeave() {
    return candidate == post.paused();
  }

  private void connect() {
    if (connecting) {
      return;
    }
    connecting = true;
    ServerSelf<Signal> me = me();
    var pid = me.pid();
    Future<PgConnection> opening =
        post.database()
            .listen(
                me,
                touched -> {
                  if (touched == shard) {
                    GenServer.cast(pid, Signal.Plain.WAKE);
                  }
                },
                gone -> GenServer.cast(pid, new Signal.Lost(gone)));
    me.pipe(opening.toCompletionStage(), (opened, _) -> new Signal.Connected(opened));
  }

  private Phase connected(@Nullable PgConnection opened) {
    connecting = false;
    if (opened == null) {
      tryAgainLater();
      return Phase.CONNECTING;
    }
    connection = opened;
    survey();
    return Phase.STANDING_BY;
  }

  /// Does not wait for the connection to end: one that is dead may take its time.
  private Phase giveUp() {
    open().close();
    return lost();
  }

  private Phase lost() {
    connection = null;
    candidate = false;
    surveying = false;
    electing = false;
    tell("athanor.outbox.disconnected", Map.of());
    tryAgainLater();
    return Phase.CONNECTING;
  }

  /// Becomes a candidate, or ceases to be one, and asks who ought to relay.
  private void survey() {
    if (surveying) {
      return;
    }
    surveying = true;
    surveyedAtNanos = now();
    PgConnection on = open();
    boolean standing = !post.paused();
    Future<?> changed = Future.succeededFuture();
    if (standing != candidate) {
      changed = standing ? seat.join(on) : seat.leave(on);
    }
    candidate = standing;
    me().pipe(
            changed
                .compose(_ -> standing ? seat.assigned(on) : Future.succeededFuture(false))
                .toCompletionStage(),
            (assigned, _) -> new Signal.Surveyed(on, assigned));
  }

  private Phase surveyed(@Nullable Boolean assigned, Phase phase) {
    surveying = false;
    if (assigned == null) {
      // A connection that cannot ask is of no use.
      return giveUp();
    }
    if (phase == Phase.STANDING_BY) {
      pause = SHORTEST_PAUSE;
    }
    yielding = !assigned;
    if (phase == Phase.STANDING_BY && assigned && !electing) {
      // Once at a time: the lock counts how often its holder took it.
      electing = true;
      PgConnection on = open();
      me().pipe(
              seat.take(on).toCompletionStage(),
              (won, _) -> new Signal.Elected(on, Boolean.TRUE.equals(won)));
    }
    return phase;
  }

  private Phase elected(boolean won) {
    electing = false;
    if (!won) {
      // Whoever holds the lock is about to give it up.
      me().sendAfter(SHORTEST_PAUSE, me().pid(), Signal.Plain.TRY_AGAIN);
      return Phase.STANDING_BY;
    }
    lane = post.broker().open(shard);
    underWay.clear();
    arrived.clear();
    dead.clear();
    marking.clear();
    reading = false;
    resting = false;
    broken = false;
    woken = true;
    return Phase.ACTIVE;
  }

  /// Does what there is to do, after whatever was heard.
  private void go() {
    mark();
    boolean settled =
        underWay.isEmpty() && marking.isEmpty() && arrived.isEmpty() && dead.isEmpty();
    if (yielding) {
      if (settled && !reading) {
        PgConnection on = open();
        reading = true;
        me().pipe(seat.give(on).toCompletionStage(), (_, _) -> new Signal.Released(on));
      }
      return;
    }
    if (broken && settled && !reading && !resting) {
      broken = false;
      lane = post.broker().open(shard);
      woken = true;
    }
    if (woken && !reading && !resting && !broken && hasRoom() && post.wanted()) {
      woken = false;
      look();
    }
  }

  private boolean hasRoom() {
    int known = underWay.size() + arrived.size() + dead.size() + marking.size();
    return known <= WINDOW - BATCH;
  }

  private void look() {
    List<Long> known = new ArrayList<>(underWay);
    known.addAll(arrived);
    known.addAll(dead.keySet());
    known.addAll(marking);
    reading = true;
    PgConnection on = open();
    me().pipe(
            OutboxRows.unknown(on, shard, known, BATCH).toCompletionStage(),
            (found, _) -> new Signal.Loaded(on, found));
  }

  private void loaded(PgConnection on, @Nullable List<DomainEvent> events) {
    reading = false;
    if (events == null) {
      broken = true;
      rest();
      return;
    }
    pause = events.isEmpty() ? pause : SHORTEST_PAUSE;
    woken |= events.size() == BATCH;
    Broker.Lane open = Objects.requireNonNull(lane, "an active relay has a lane");
    for (DomainEvent event : events) {
      long seq = event.seq();
      underWay.add(seq);
      me().pipe(open.carry(event), (fate, _) -> new Signal.Settled(on, seq, fate));
    }
  }

  private void settled(long seq, Broker.@Nullable Fate fate) {
    underWay.remove(seq);
    switch (fate) {
      case null -> {
        if (!broken) {
          broken = true;
          rest();
        }
      }
      case Broker.Fate.Arrived _ -> arrived.add(seq);
      case Broker.Fate.Dead(String reason) -> dead.put(seq, reason);
    }
  }

  private void mark() {
    if (!marking.isEmpty() || (arrived.isEmpty() && dead.isEmpty())) {
      return;
    }
    PgConnection on = open();
    marking.addAll(arrived);
    marking.addAll(dead.keySet());
    Future<?> done =
        arrived.isEmpty() ? Future.succeededFuture() : OutboxRows.mark(on, List.copyOf(arrived));
    for (Map.Entry<Long, String> each : Map.copyOf(dead).entrySet()) {
      done = done.compose(_ -> OutboxRows.bury(on, each.getKey(), each.getValue()));
    }
    tell("athanor.outbox.delivered", Map.of("events", arrived.size(), "dead", dead.size()));
    arrived.clear();
    dead.clear();
    me().pipe(done.toCompletionStage(), (_, failure) -> new Signal.Marked(on, failure == null));
  }

  private void marked(boolean ok) {
    marking.clear();
    if (!ok) {
      // They are read and sent again: a second time is harmless, a lost mark is not.
      broken = true;
      rest();
    }
  }

  private void rest() {
    resting = true;
    tryAgainLater();
  }

  private void tryAgainLater() {
    ServerSelf<Signal> me = me();
    me.sendAfter(pause, me.pid(), Signal.Plain.TRY_AGAIN);
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  private void tell(String name, Map<String, Integer> measurements) {
    var telemetry = me().node().telemetry();
    if (telemetry.isAttached(name)) {
      telemetry.execute(new Event(name, measurements, Map.of("shard", shard)));
    }
  }

  private long now() {
    return me().node().scheduler().nanoTime();
  }

  private ServerSelf<Signal> me() {
    return Objects.requireNonNull(self, "the relay has started");
  }

  private PgConnection open() {
    return Objects.requireNonNull(connection, "the relay is connected");
  }
}

package dev.athanor.domain.outbox;

import dev.athanor.domain.streams.StreamVersions;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Hears of every event that is committed anywhere and hands it to this node's consumers, without
/// taking it from anybody: what a deployment does that only caches and pushes. It marks nothing.
///
/// It remembers a *horizon*: every transaction below it was over when it last looked, so all their
/// events are known. A look asks for the events of all transactions from the horizon on, without
/// those seen already, and moves the horizon to where the database stood at that look. So an event
/// whose place is lower than that of one seen before is found as soon as it is committed, however
/// long its transaction took, and also when that happened while the follower was cut off. After
/// each connect it moves the versions of all streams too, since it may have been away for longer
/// than events are kept; and after a pause, for the same reason.
///
/// It looks every 5 s in any case. A connection on which a look has no answer within 10 s is dead,
/// whatever the network says of it, and another takes its place.
final class OutboxFollower implements GenServer<OutboxFollower.Signal, OutboxFollower.Phase> {
  private static final int BATCH = 256;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final DatabaseListener database;
  private final LocalDelivery delivery;
  private final StreamVersions versions;
  private final RelayBell bell;
  private final BooleanSupplier paused;

  /// The writers of the events seen, by place; only those at or above the horizon.
  private final Map<Long, Long> seen = new HashMap<>();
  private @Nullable ServerSelf<Signal> self;
  private @Nullable PgConnection connection;
  private long horizon = -1;
  private long askedAtNanos;
  private boolean asking;
  private boolean wokenWhileBusy;
  private boolean behind;

  /// @param bell rings after a commit in this node, and when the pause begins or ends
  /// @param paused whether this node is to take no events
  OutboxFollower(
      DatabaseListener database,
      LocalDelivery delivery,
      StreamVersions versions,
      RelayBell bell,
      BooleanSupplier paused) {
    this.database = database;
    this.delivery = delivery;
    this.versions = versions;
    this.bell = bell;
    this.paused = paused;
  }

  /// What the follower is at.
  enum Phase {
    CONNECTING,
    IDLE,
    BUSY
  }

  /// What the follower hears.
  sealed interface Signal {
    /// What says nothing but that it is time.
    enum Plain implements Signal {
      TRY_AGAIN,
      TICK,
      HEARD
    }

    /// An attempt to connect is over.
    record Connected(@Nullable PgConnection connection) implements Signal {}

    /// A connection is gone.
    record Lost(PgConnection lost) implements Signal {}

    /// Events were read, or could not be.
    record Looked(PgConnection on, OutboxRows.@Nullable Look look) implements Signal {}

    /// The fate of all events of a look is known.
    record Delivered(PgConnection on, boolean full) implements Signal {}
  }

  @Override
  public InitResult<Phase> init(ServerSelf<Signal> self) {
    this.self = self;
    self.trapExit(true);
    var pid = self.pid();
    self.sendInterval(database.patience().dividedBy(2), pid, Signal.Plain.TICK);
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      bell.answeredBy(shard, () -> GenServer.cast(pid, Signal.Plain.HEARD));
    }
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
    return Next.noReply(
        switch (signal) {
          case Signal.Plain plain ->
              switch (plain) {
                case TRY_AGAIN -> {
                  connect();
                  yield phase;
                }
                case TICK -> isOverdue() ? giveUp() : phase == Phase.IDLE ? look() : phase;
                case HEARD -> {
                  wokenWhileBusy = true;
                  yield phase == Phase.IDLE ? look() : phase;
                }
              };
          case Signal.Connected(var opened) -> connected(opened);
          case Signal.Lost(var gone) -> gone == connection ? lost() : phase;
          case Signal.Looked(var on, var look) -> on == connection ? looked(on, look) : phase;
          case Signal.Delivered(var on, var full) ->
              on == connection ? (full || wokenWhileBusy ? look() : Phase.IDLE) : phase;
        });
  }

  @Override
  public @Nullable CompletionStage<?> prepareToStop(ExitReason reason, Phase phase) {
    for (int shard = 0; shard < Shards.COUNT; shard++) {
      bell.answeredBy(shard, () -> {});
    }
    PgConnection open = connection;
    connection = null;
    return open == null ? null : open.close().toCompletionStage();
  }

  private void connect() {
    ServerSelf<Signal> me = me();
    var pid = me.pid();
    me.pipe(
        database
            .listen(
                me,
                _ -> GenServer.cast(pid, Signal.Plain.HEARD),
                gone -> GenServer.cast(pid, new Signal.Lost(gone)))
            .toCompletionStage(),
        (opened, _) -> new Signal.Connected(opened));
  }

  private Phase connected(@Nullable PgConnection opened) {
    if (opened == null) {
      tryAgainLater();
      return Phase.CONNECTING;
    }
    connection = opened;
    behind = true;
    return look();
  }

  /// Does not wait for the connection to end: one that is dead may take its time.
  private Phase giveUp() {
    PgConnection dead = connection;
    if (dead != null) {
      dead.close();
    }
    return lost();
  }

  private Phase lost() {
    connection = null;
    asking = false;
    tryAgainLater();
    return Phase.CONNECTING;
  }

  private boolean isOverdue() {
    return asking && now() - askedAtNanos > database.patience().toNanos();
  }

  private Phase look() {
    if (paused.getAsBoolean()) {
      behind = true;
      return Phase.IDLE;
    }
    if (behind) {
      behind = false;
      versions.bumpAll();
    }
    wokenWhileBusy = false;
    asking = true;
    askedAtNanos = now();
    PgConnection on = Objects.requireNonNull(connection, "the follower is connected");
    long from = horizon < 0 ? Long.MAX_VALUE : horizon;
    me().pipe(
            OutboxRows.unseen(on, from, seen.keySet(), BATCH).toCompletionStage(),
            (look, _) -> new Signal.Looked(on, look));
    return Phase.BUSY;
  }

  private Phase looked(PgConnection on, OutboxRows.@Nullable Look look) {
    asking = false;
    if (look == null) {
      // A connection that cannot read is of no use.
      return giveUp();
    }
    List<DomainEvent> events = look.events();
    for (int i = 0; i < events.size(); i++) {
      seen.put(events.get(i).seq(), look.writers().get(i));
    }
    boolean full = events.size() == BATCH;
    if (!full) {
      horizon = look.horizon();
      seen.values().removeIf(writer -> writer < horizon);
    } else if (horizon < 0) {
      horizon = look.horizon();
    }
    CompletableFuture<?>[] fates = new CompletableFuture<?>[0];
    if (delivery.wanted()) {
      fates =
          events.stream()
              .map(event -> delivery.deliver(event).toCompletableFuture())
              .toArray(CompletableFuture<?>[]::new);
    } else {
      events.forEach(event -> versions.bump(event.streams()));
    }
    me().pipe(CompletableFuture.allOf(fates), (_, _) -> new Signal.Delivered(on, full));
    return Phase.BUSY;
  }

  private void tryAgainLater() {
    ServerSelf<Signal> me = me();
    me.sendAfter(PAUSE, me.pid(), Signal.Plain.TRY_AGAIN);
  }

  private long now() {
    return me().node().scheduler().nanoTime();
  }

  private ServerSelf<Signal> me() {
    return Objects.requireNonNull(self, "the follower has started");
  }
}

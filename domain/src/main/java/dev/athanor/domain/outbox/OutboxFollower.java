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
/// than events are kept.
final class OutboxFollower implements GenServer<OutboxFollower.Signal, OutboxFollower.Phase> {
  private static final int BATCH = 256;
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final DatabaseListener database;
  private final LocalDelivery delivery;
  private final StreamVersions versions;

  /// The writers of the events seen, by place; only those at or above the horizon.
  private final Map<Long, Long> seen = new HashMap<>();
  private @Nullable ServerSelf<Signal> self;
  private @Nullable PgConnection connection;
  private long horizon = -1;
  private boolean wokenWhileBusy;

  OutboxFollower(DatabaseListener database, LocalDelivery delivery, StreamVersions versions) {
    this.database = database;
    this.delivery = delivery;
    this.versions = versions;
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
    versions.bumpAll();
    return look();
  }

  private Phase lost() {
    connection = null;
    tryAgainLater();
    return Phase.CONNECTING;
  }

  private Phase look() {
    wokenWhileBusy = false;
    PgConnection on = Objects.requireNonNull(connection, "the follower is connected");
    long from = horizon < 0 ? Long.MAX_VALUE : horizon;
    me().pipe(
            OutboxRows.unseen(on, from, seen.keySet(), BATCH).toCompletionStage(),
            (look, _) -> new Signal.Looked(on, look));
    return Phase.BUSY;
  }

  private Phase looked(PgConnection on, OutboxRows.@Nullable Look look) {
    if (look == null) {
      // A connection that cannot read is of no use: its end is heard of, and begins anew.
      on.close();
      return Phase.BUSY;
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

  private ServerSelf<Signal> me() {
    return Objects.requireNonNull(self, "the follower has started");
  }
}

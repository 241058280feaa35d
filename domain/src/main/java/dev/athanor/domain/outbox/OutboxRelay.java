package dev.athanor.domain.outbox;

import dev.athanor.domain.streams.StreamVersions;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.telemetry.Event;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Carries events from the outbox to the channel, in order for each key and at least once.
///
/// It holds one connection of its own, on which it listens for commits, reads, marks, and holds the
/// advisory lock that makes it the only active relay of the database. Its life is a round:
///
/// 1. *connecting*, again and again with growing pauses, until there is a connection;
/// 2. *standing by* until the lock is its own; the lock goes with the connection, whatever end it
///    comes to;
/// 3. *idle* until something wakes it (a commit in this node, a notification, the slow poll);
/// 4. *busy*: read a batch, deliver it, mark what every consumer has acknowledged, and read again
///    while there is something to read.
///
/// A death at any point loses nothing: what was not marked is read again by the next relay, and
/// comes to the consumers a second time if they had it. Failures of the database or of a consumer
/// are expected and waited out; anything else crashes the process, and its supervisor starts it
/// anew.
final class OutboxRelay implements GenServer<OutboxRelay.Signal, OutboxRelay.Phase> {
  static final int BATCH = 256;

  private static final long LOCK = 0x417468616e6f72L;
  private static final Duration POLL = Duration.ofSeconds(5);
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration DELIVERY_LIMIT = Duration.ofSeconds(30);

  private final DatabaseListener database;
  private final EventChannel channel;
  private final StreamVersions versions;
  private final RelayBell bell;

  private @Nullable ServerSelf<Signal> self;
  private @Nullable PgConnection connection;
  private Duration pause = SHORTEST_PAUSE;
  private boolean wokenWhileBusy;
  private boolean backingOff;

  OutboxRelay(
      DatabaseListener database, EventChannel channel, StreamVersions versions, RelayBell bell) {
    this.database = database;
    this.channel = channel;
    this.versions = versions;
    this.bell = bell;
  }

  /// Where in its round the relay is.
  enum Phase {
    CONNECTING,
    STANDING_BY,
    IDLE,
    BUSY
  }

  /// What the relay hears.
  sealed interface Signal {
    /// There may be something to do.
    enum Plain implements Signal {
      WAKE,
      TRY_AGAIN
    }

    /// An attempt to connect is over.
    record Connected(@Nullable PgConnection connection) implements Signal {}

    /// A connection is gone.
    record Lost(PgConnection lost) implements Signal {}

    /// The lock was tried; on that connection.
    record Elected(PgConnection on, boolean won) implements Signal {}

    /// A batch was read, or could not be.
    record Loaded(PgConnection on, @Nullable List<DomainEvent> events) implements Signal {}

    /// A batch was delivered as far as possible.
    record Delivered(PgConnection on, Delivery.Outcome outcome, boolean full) implements Signal {}

    /// What was delivered is marked, or could not be.
    record Marked(PgConnection on, boolean ok, boolean failures, boolean full) implements Signal {}
  }

  @Override
  public InitResult<Phase> init(ServerSelf<Signal> self) {
    this.self = self;
    self.trapExit(true);
    self.sendInterval(POLL, self.pid(), Signal.Plain.WAKE);
    bell.answeredBy(() -> GenServer.cast(self.pid(), Signal.Plain.WAKE));
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
          case Signal.Plain plain -> plain(plain, phase);
          case Signal.Connected(var opened) -> connected(opened);
          case Signal.Lost(var gone) -> gone == connection ? lost() : phase;
          case Signal.Elected(var on, var won) -> on == connection ? elected(won) : phase;
          case Signal.Loaded(var on, var events) -> on == connection ? loaded(events) : phase;
          case Signal.Delivered(var on, var outcome, var full) ->
              on == connection ? delivered(outcome, full) : phase;
          case Signal.Marked(var on, var ok, var failures, var full) ->
              on == connection ? marked(ok && !failures, full) : phase;
        });
  }

  @Override
  public @Nullable CompletionStage<?> prepareToStop(ExitReason reason, Phase phase) {
    bell.answeredBy(() -> {});
    PgConnection open = connection;
    connection = null;
    return open == null ? null : open.close().toCompletionStage();
  }

  private Phase plain(Signal.Plain signal, Phase phase) {
    return switch (phase) {
      case CONNECTING -> {
        if (signal == Signal.Plain.TRY_AGAIN) {
          connect();
        }
        yield phase;
      }
      case STANDING_BY -> {
        if (signal == Signal.Plain.TRY_AGAIN) {
          elect();
        }
        yield phase;
      }
      case IDLE -> {
        if (backingOff && signal == Signal.Plain.WAKE) {
          yield phase;
        }
        backingOff = false;
        yield load();
      }
      case BUSY -> {
        wokenWhileBusy = true;
        yield phase;
      }
    };
  }

  private void connect() {
    ServerSelf<Signal> me = me();
    var pid = me.pid();
    Future<PgConnection> opening =
        database.listen(
            me,
            _ -> GenServer.cast(pid, Signal.Plain.WAKE),
            gone -> GenServer.cast(pid, new Signal.Lost(gone)));
    me.pipe(opening.toCompletionStage(), (opened, _) -> new Signal.Connected(opened));
  }

  private Phase connected(@Nullable PgConnection opened) {
    if (opened == null) {
      tryAgainLater();
      return Phase.CONNECTING;
    }
    connection = opened;
    elect();
    return Phase.STANDING_BY;
  }

  private Phase lost() {
    connection = null;
    tell("athanor.outbox.disconnected", Map.of());
    tryAgainLater();
    return Phase.CONNECTING;
  }

  private void elect() {
    PgConnection on = open();
    me().pipe(
            on.preparedQuery("SELECT pg_try_advisory_lock($1)")
                .execute(Tuple.of(LOCK))
                .toCompletionStage(),
            (rows, _) ->
                new Signal.Elected(on, rows != null && rows.iterator().next().getBoolean(0)));
  }

  private Phase elected(boolean won) {
    if (won) {
      pause = SHORTEST_PAUSE;
      return load();
    }
    tryAgainLater();
    return Phase.STANDING_BY;
  }

  private Phase load() {
    wokenWhileBusy = false;
    if (!channel.hasConsumers()) {
      return Phase.IDLE;
    }
    PgConnection on = open();
    me().pipe(
            OutboxRows.waiting(on, BATCH).toCompletionStage(),
            (events, _) -> new Signal.Loaded(on, events));
    return Phase.BUSY;
  }

  private Phase loaded(@Nullable List<DomainEvent> events) {
    if (events == null) {
      return backOff();
    }
    if (events.isEmpty()) {
      return wokenWhileBusy ? load() : Phase.IDLE;
    }
    PgConnection on = open();
    boolean full = events.size() == BATCH;
    events.forEach(event -> versions.bump(event.streams()));
    me().pipe(
            Delivery.of(events, event -> channel.send(event, DELIVERY_LIMIT)),
            (outcome, _) ->
                new Signal.Delivered(
                    on, Objects.requireNonNullElse(outcome, NOTHING_DELIVERED), full));
    return Phase.BUSY;
  }

  private static final Delivery.Outcome NOTHING_DELIVERED = new Delivery.Outcome(List.of(), 1);

  private Phase delivered(Delivery.Outcome outcome, boolean full) {
    tell(
        "athanor.outbox.delivered",
        Map.of("events", outcome.done().size(), "failed", outcome.failed()));
    boolean failures = outcome.failed() > 0;
    PgConnection on = open();
    me().pipe(
            OutboxRows.mark(on, outcome.done()).toCompletionStage(),
            (_, failure) -> new Signal.Marked(on, failure == null, failures, full));
    return Phase.BUSY;
  }

  private Phase marked(boolean ok, boolean full) {
    if (!ok) {
      return backOff();
    }
    pause = SHORTEST_PAUSE;
    return full || wokenWhileBusy ? load() : Phase.IDLE;
  }

  /// Waits before it reads again what could not be delivered.
  private Phase backOff() {
    backingOff = true;
    tryAgainLater();
    return Phase.IDLE;
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
      telemetry.execute(new Event(name, measurements, Map.of()));
    }
  }

  private ServerSelf<Signal> me() {
    return Objects.requireNonNull(self, "the relay has started");
  }

  private PgConnection open() {
    return Objects.requireNonNull(connection, "the relay is connected");
  }
}

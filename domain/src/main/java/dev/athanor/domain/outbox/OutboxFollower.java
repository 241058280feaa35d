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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Hears of every event that is committed anywhere and hands it to this node's consumers, without
/// taking it from anybody: what a deployment does that only caches and pushes. It marks nothing,
/// and an event it could not deliver is not delivered again.
///
/// While it was cut off it may have missed events: after each connect it moves the versions of all
/// streams, so that nothing cached is taken for fresh, and then hands on what was appended since
/// the last event it knows.
final class OutboxFollower implements GenServer<OutboxFollower.Signal, OutboxFollower.Phase> {
  private static final int BATCH = 256;
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration DELIVERY_LIMIT = Duration.ofSeconds(30);

  private final DatabaseListener database;
  private final EventChannel channel;
  private final StreamVersions versions;

  private final Set<Long> heard = new LinkedHashSet<>();
  private @Nullable ServerSelf<Signal> self;
  private @Nullable PgConnection connection;
  private long last = -1;

  /// Whether events before the last one heard of may still have to be read.
  private boolean behind;

  OutboxFollower(DatabaseListener database, EventChannel channel, StreamVersions versions) {
    this.database = database;
    this.channel = channel;
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
    /// It is time to connect again.
    record TryAgain() implements Signal {}

    /// An attempt to connect is over.
    record Connected(@Nullable PgConnection connection) implements Signal {}

    /// A connection is gone.
    record Lost(PgConnection lost) implements Signal {}

    /// The end of the outbox as it was when the first connection was made.
    record Began(PgConnection on, @Nullable Long last) implements Signal {}

    /// An event is committed.
    record Heard(long seq) implements Signal {}

    /// Events were read, or could not be.
    record Loaded(PgConnection on, @Nullable List<DomainEvent> events) implements Signal {}

    /// Events were delivered as far as possible.
    record Delivered(PgConnection on) implements Signal {}
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
          case Signal.TryAgain _ -> {
            connect();
            yield phase;
          }
          case Signal.Connected(var opened) -> connected(opened);
          case Signal.Lost(var gone) -> gone == connection ? lost() : phase;
          case Signal.Began(var on, var end) -> on == connection ? began(end) : phase;
          case Signal.Heard(var seq) -> {
            heard.add(seq);
            yield phase == Phase.IDLE ? next() : phase;
          }
          case Signal.Loaded(var on, var events) -> on == connection ? loaded(events) : phase;
          case Signal.Delivered(var on) -> on == connection ? next() : phase;
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
                seq -> GenServer.cast(pid, new Signal.Heard(seq)),
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
    if (last >= 0) {
      behind = true;
      return next();
    } else {
      me().pipe(
              OutboxRows.last(opened).toCompletionStage(),
              (end, _) -> new Signal.Began(opened, end));
    }
    return Phase.BUSY;
  }

  private Phase lost() {
    connection = null;
    tryAgainLater();
    return Phase.CONNECTING;
  }

  private Phase began(@Nullable Long end) {
    last = end == null ? 0 : end;
    return next();
  }

  /// Reads what was missed, a batch at a time, and then what was heard of meanwhile.
  private Phase next() {
    if (!behind && heard.isEmpty()) {
      return Phase.IDLE;
    }
    PgConnection on = Objects.requireNonNull(connection, "the follower is connected");
    if (behind) {
      me().pipe(
              OutboxRows.since(on, last, BATCH).toCompletionStage(),
              (events, _) -> new Signal.Loaded(on, events));
      return Phase.BUSY;
    }
    List<Long> seqs = new ArrayList<>(heard);
    heard.clear();
    me().pipe(
            OutboxRows.named(on, seqs).toCompletionStage(),
            (events, _) -> new Signal.Loaded(on, events));
    return Phase.BUSY;
  }

  private Phase loaded(@Nullable List<DomainEvent> events) {
    PgConnection on = Objects.requireNonNull(connection, "the follower is connected");
    if (events == null) {
      // A connection that cannot read is of no use: its end is heard of, and begins anew.
      on.close();
      return Phase.BUSY;
    }
    behind &= events.size() == BATCH;
    for (DomainEvent event : events) {
      last = Math.max(last, event.seq());
      heard.remove(event.seq());
      versions.bump(event.streams());
    }
    if (!channel.hasConsumers()) {
      return next();
    }
    me().pipe(
            Delivery.of(events, event -> channel.send(event, DELIVERY_LIMIT)),
            (_, _) -> new Signal.Delivered(on));
    return Phase.BUSY;
  }

  private void tryAgainLater() {
    ServerSelf<Signal> me = me();
    me.sendAfter(PAUSE, me.pid(), new Signal.TryAgain());
  }

  private ServerSelf<Signal> me() {
    return Objects.requireNonNull(self, "the follower has started");
  }
}

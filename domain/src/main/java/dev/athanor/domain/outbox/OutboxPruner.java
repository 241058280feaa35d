package dev.athanor.domain.outbox;

import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Deletes events that were delivered a while ago, in small steps so that nobody waits for it.
final class OutboxPruner implements GenServer<OutboxPruner.Signal, OutboxPruner.Phase> {
  private static final int STEP = 5_000;
  private static final Duration PERIOD = Duration.ofMinutes(1);

  private final SqlClient client;
  private final Duration retention;
  private @Nullable ServerSelf<Signal> self;

  OutboxPruner(SqlClient client, Duration retention) {
    this.client = client;
    this.retention = retention;
  }

  /// Whether a step is under way.
  enum Phase {
    IDLE,
    BUSY
  }

  /// What the pruner hears.
  sealed interface Signal {
    /// Time for a round.
    record Tick() implements Signal {}

    /// A step is over; a full one is followed by another.
    record Pruned(boolean full) implements Signal {}
  }

  @Override
  public InitResult<Phase> init(ServerSelf<Signal> self) {
    this.self = self;
    self.sendInterval(PERIOD, self.pid(), new Signal.Tick());
    return InitResult.ok(Phase.IDLE);
  }

  @Override
  public Next<Phase> handleInfo(Info info, Phase phase) {
    return switch (info) {
      case Info.Message(Signal signal) -> handleCast(signal, phase);
      case Info.Message _, Info.Exit _, Info.Down _, Info.Timeout _ -> Next.noReply(phase);
    };
  }

  @Override
  public Next<Phase> handleCast(Signal signal, Phase phase) {
    return Next.noReply(
        switch (signal) {
          case Signal.Tick _ -> phase == Phase.IDLE ? step() : phase;
          case Signal.Pruned(var full) -> full ? step() : Phase.IDLE;
        });
  }

  private Phase step() {
    ServerSelf<Signal> me = Objects.requireNonNull(self, "the pruner has started");
    me.pipe(
        OutboxRows.prune(client, retention.toMillis() / 1_000.0, STEP).toCompletionStage(),
        (pruned, _) -> new Signal.Pruned(pruned != null && pruned == STEP));
    return Phase.BUSY;
  }
}

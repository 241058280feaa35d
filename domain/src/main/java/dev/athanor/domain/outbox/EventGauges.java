package dev.athanor.domain.outbox;

import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks every 15 s how much waits where, for the gauges `athanor.events.waiting` and
/// `athanor.events.lag` (seconds), by `place`; whoever reads the gauges asks nobody. What could
/// not be told is not a number.
final class EventGauges implements GenServer<EventGauges.Signal, Boolean> {
  private static final Duration PERIOD = Duration.ofSeconds(15);

  private final Supplier<CompletionStage<List<Broker.Depth>>> depths;
  private final MeterRegistry meters;
  private final Map<String, Broker.Depth> latest = new ConcurrentHashMap<>();
  private @Nullable ServerSelf<Signal> self;

  EventGauges(Supplier<CompletionStage<List<Broker.Depth>>> depths, MeterRegistry meters) {
    this.depths = depths;
    this.meters = meters;
  }

  /// What the process hears.
  sealed interface Signal {
    /// Time to look.
    record Due() implements Signal {}

    /// What was seen, or nothing.
    record Seen(@Nullable List<Broker.Depth> depths) implements Signal {}
  }

  /// The state is whether a look is under way.
  @Override
  public InitResult<Boolean> init(ServerSelf<Signal> itself) {
    self = itself;
    itself.sendInterval(PERIOD, itself.pid(), new Signal.Due());
    return InitResult.ok(false);
  }

  @Override
  public Next<Boolean> handleInfo(Info info, Boolean looking) {
    return info instanceof Info.Message(Signal signal)
        ? handleCast(signal, looking)
        : Next.noReply(looking);
  }

  @Override
  public Next<Boolean> handleCast(Signal signal, Boolean looking) {
    return switch (signal) {
      case Signal.Due _ -> {
        if (!looking) {
          Objects.requireNonNull(self, "the gauges have started")
              .pipe(depths.get(), (seen, _) -> new Signal.Seen(seen));
        }
        yield Next.noReply(true);
      }
      case Signal.Seen(var seen) -> {
        show(seen == null ? List.of() : seen);
        yield Next.noReply(false);
      }
    };
  }

  private void show(List<Broker.Depth> seen) {
    latest.keySet().retainAll(seen.stream().map(Broker.Depth::name).toList());
    for (Broker.Depth depth : seen) {
      latest.put(depth.name(), depth);
      Gauge.builder("athanor.events.waiting", latest, all -> waiting(all.get(depth.name())))
          .description("Events that wait, by place")
          .tag("place", depth.name())
          .register(meters);
      Gauge.builder("athanor.events.lag", latest, all -> lag(all.get(depth.name())))
          .description("Age of the oldest event that waits, by place")
          .baseUnit("seconds")
          .tag("place", depth.name())
          .register(meters);
    }
  }

  private static double waiting(Broker.@Nullable Depth depth) {
    return depth == null || depth.waiting() < 0 ? Double.NaN : depth.waiting();
  }

  private static double lag(Broker.@Nullable Depth depth) {
    if (depth == null || depth.waiting() < 0) {
      return Double.NaN;
    }
    Double lag = depth.lagSeconds();
    return lag == null ? 0 : lag;
  }
}

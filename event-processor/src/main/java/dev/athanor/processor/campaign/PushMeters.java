package dev.athanor.processor.campaign;

import dev.athanor.domain.readers.DeviceKind;
import dev.athanor.processor.push.PushOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/// What an operator sees of pushing: `athanor.push.answers` by kind and outcome (delivered, later,
/// dead, refused, lost).
final class PushMeters {
  private final Map<DeviceKind, ByOutcome> counters = new EnumMap<>(DeviceKind.class);

  PushMeters(MeterRegistry meters) {
    for (DeviceKind kind : DeviceKind.values()) {
      counters.put(
          kind,
          new ByOutcome(
              counter(meters, kind, "delivered"),
              counter(meters, kind, "later"),
              counter(meters, kind, "dead"),
              counter(meters, kind, "refused"),
              counter(meters, kind, "lost")));
    }
  }

  private record ByOutcome(
      Counter delivered, Counter later, Counter dead, Counter refused, Counter lost) {}

  void answered(DeviceKind kind, PushOutcome outcome) {
    ByOutcome of = of(kind);
    Counter counter =
        switch (outcome) {
          case PushOutcome.Delivered _ -> of.delivered();
          case PushOutcome.RetryAfter _ -> of.later();
          case PushOutcome.DeadToken _ -> of.dead();
          case PushOutcome.Refused _ -> of.refused();
        };
    counter.increment();
  }

  void lost(DeviceKind kind) {
    of(kind).lost().increment();
  }

  private ByOutcome of(DeviceKind kind) {
    ByOutcome of = counters.get(kind);
    if (of == null) {
      throw new IllegalStateException("no counters of " + kind);
    }
    return of;
  }

  private static Counter counter(MeterRegistry meters, DeviceKind kind, String outcome) {
    return meters.counter("athanor.push.answers", "kind", kind.wireName(), "outcome", outcome);
  }
}

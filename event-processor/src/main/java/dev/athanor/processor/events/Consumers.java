package dev.athanor.processor.events;

import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.otp.process.Node;
import dev.athanor.processor.events.ConsumerMessage.Verdict;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// All consumers of this node and the ways to their processes.
@ApplicationScoped
class Consumers {
  private final Map<EventConsumer, ConsumerLine> lines = new LinkedHashMap<>();

  Consumers(@All List<EventConsumer> consumers, Node node) {
    consumers.forEach(
        consumer -> lines.put(consumer, new ConsumerLine(node, processName(consumer))));
  }

  static String processName(EventConsumer consumer) {
    return "consumer." + consumer.name();
  }

  /// Hands an event to all who want it.
  ///
  /// @return completes when the last of them is done, at once when nobody wants it; fails with a
  ///     [DeadEvent][dev.athanor.domain.outbox.DeadEvent] when one of them has given it up
  CompletionStage<Void> deliver(DomainEvent event) {
    return CompletableFuture.allOf(
        lines.entrySet().stream()
            .filter(line -> line.getKey().wants(event.type()))
            .map(line -> line.getValue().deliver(event).thenAccept(Consumers::orFail))
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new));
  }

  private static void orFail(Verdict verdict) {
    switch (verdict) {
      case Verdict.Done _ -> {}
      case Verdict.Dead(var why) -> throw why;
    }
  }

  void close() {
    lines.values().forEach(ConsumerLine::close);
  }
}

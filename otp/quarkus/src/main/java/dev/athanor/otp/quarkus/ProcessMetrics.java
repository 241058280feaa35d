package dev.athanor.otp.quarkus;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.telemetry.Event;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Counts what the runtime reports: `athanor.processes` alive, and a counter for each kind of
/// report that an operator should see grow, under the name of its telemetry event.
@Singleton
final class ProcessMetrics {
  private static final String HANDLER = "athanor.quarkus.metrics";

  void attach(
      @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent started,
      Node node,
      MeterRegistry registry) {
    Gauge.builder("athanor.processes", node, Node::processCount)
        .description("Processes alive on this node")
        .register(registry);
    Map<String, Counter> counters =
        Stream.of(
                "athanor.process.crashed",
                "athanor.process.dead_letter",
                "athanor.process.loop_held",
                "athanor.process.message_dropped",
                "athanor.supervisor.child_started",
                "athanor.supervisor.child_terminated",
                "athanor.supervisor.restart_limit")
            .collect(Collectors.toUnmodifiableMap(name -> name, registry::counter));
    node.telemetry().attach(HANDLER, "athanor", event -> count(counters, event));
  }

  private static void count(Map<String, Counter> counters, Event event) {
    Counter counter = counters.get(event.name());
    if (counter != null) {
      counter.increment();
    }
  }
}

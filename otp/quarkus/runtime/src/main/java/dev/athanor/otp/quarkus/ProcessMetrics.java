package dev.athanor.otp.quarkus;

import dev.athanor.otp.process.Node;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.List;

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
    for (String name :
        List.of(
            "athanor.process.crashed",
            "athanor.process.dead_letter",
            "athanor.process.loop_held",
            "athanor.process.message_dropped",
            "athanor.supervisor.child_started",
            "athanor.supervisor.child_terminated",
            "athanor.supervisor.restart_limit")) {
      Counter counter = registry.counter(name);
      node.telemetry().attach(HANDLER + "." + name, name, _ -> counter.increment());
    }
  }
}

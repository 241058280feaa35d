package dev.athanor.otp.quarkus.channels;

import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.process.Node;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.List;

/// Counts what an endpoint and presences report: `athanor.sockets` open, messages in and out, and a
/// counter for each of their telemetry events, under the event's name.
@Singleton
final class SocketMetrics {
  private static final String HANDLER = "athanor.quarkus.channels.";

  private final Endpoint endpoint;

  SocketMetrics(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  void attach(
      @Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent started,
      Node node,
      MeterRegistry registry) {
    Gauge.builder("athanor.sockets", endpoint, each -> each.traffic().sockets())
        .description("Sockets open on this node")
        .register(registry);
    FunctionCounter.builder(
            "athanor.socket.messages", endpoint, each -> each.traffic().messagesIn())
        .description("Messages between clients and channels")
        .tag("direction", "in")
        .register(registry);
    FunctionCounter.builder(
            "athanor.socket.messages", endpoint, each -> each.traffic().messagesOut())
        .description("Messages between clients and channels")
        .tag("direction", "out")
        .register(registry);
    FunctionCounter.builder(
            "athanor.pubsub.broadcasts", endpoint.pubSub(), pubSub -> pubSub.broadcasts())
        .description("Broadcasts to the subscribers of this node")
        .register(registry);
    for (String name :
        List.of(
            "athanor.socket.connected",
            "athanor.socket.disconnected",
            "athanor.socket.refused",
            "athanor.socket.idle",
            "athanor.socket.overflow",
            "athanor.socket.rate_limited",
            "athanor.socket.bad_frame",
            "athanor.socket.unencodable",
            "athanor.socket.drain",
            "athanor.channel.joined",
            "athanor.channel.refused",
            "athanor.channel.join_crashed",
            "athanor.channel.left",
            "athanor.channel.crashed",
            "athanor.presence.diff",
            "athanor.presence.recovered",
            "athanor.presence.replica_up",
            "athanor.presence.replica_down",
            "athanor.presence.replica_forgotten",
            "athanor.presence.mismatch",
            "athanor.presence.fetch_failed",
            "athanor.presence.tell_failed",
            "athanor.presence.listener_failed")) {
      Counter counter = registry.counter(name);
      node.telemetry().attach(HANDLER + name, name, _ -> counter.increment());
    }
  }
}

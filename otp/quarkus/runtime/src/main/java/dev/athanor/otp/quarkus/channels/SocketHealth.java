package dev.athanor.otp.quarkus.channels;

import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.quarkus.declared.DeclaredChannels;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/// Ready while sockets are let in, so that a balancer sends nobody to a node that stops; says how
/// many are open.
@Readiness
final class SocketHealth implements HealthCheck {
  private final Endpoint endpoint;
  private final DeclaredChannels declared;

  SocketHealth(Endpoint endpoint, DeclaredChannels declared) {
    this.endpoint = endpoint;
    this.declared = declared;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("channels")
        .status(endpoint.isOpen())
        .withData("topics", String.join(", ", declared.classes().keySet()))
        .withData("sockets", endpoint.traffic().sockets())
        .build();
  }
}

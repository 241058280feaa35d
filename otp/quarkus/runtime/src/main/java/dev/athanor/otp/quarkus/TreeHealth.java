package dev.athanor.otp.quarkus;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/// Up while the supervision tree runs: not ready before it has started, dead when its top
/// supervisor has given up, since nothing inside the application can restart that one.
@Startup
@Readiness
@Liveness
final class TreeHealth implements HealthCheck {
  private final ApplicationTree tree;

  TreeHealth(ApplicationTree tree) {
    this.tree = tree;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("supervision tree").status(tree.isRunning()).build();
  }
}

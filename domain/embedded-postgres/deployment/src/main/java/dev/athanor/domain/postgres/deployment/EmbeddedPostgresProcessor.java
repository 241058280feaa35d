package dev.athanor.domain.postgres.deployment;

import dev.athanor.domain.postgres.EmbeddedPostgresConfig;
import dev.athanor.domain.postgres.EmbeddedPostgresRecorder;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.LaunchModeBuildItem;
import io.quarkus.deployment.builditem.RunTimeConfigBuilderBuildItem;
import io.quarkus.deployment.builditem.ShutdownContextBuildItem;

/// Registers the embedded PostgreSQL with Quarkus: its place in the configuration and its end.
class EmbeddedPostgresProcessor {
  @BuildStep
  FeatureBuildItem feature() {
    return new FeatureBuildItem("athanor-embedded-postgres");
  }

  @BuildStep
  RunTimeConfigBuilderBuildItem configuration() {
    return new RunTimeConfigBuilderBuildItem(EmbeddedPostgresConfig.class);
  }

  @BuildStep
  @Record(ExecutionTime.RUNTIME_INIT)
  void shutdown(
      EmbeddedPostgresRecorder recorder,
      ShutdownContextBuildItem shutdown,
      LaunchModeBuildItem launchMode) {
    recorder.stopAfter(shutdown, launchMode.getLaunchMode());
  }
}

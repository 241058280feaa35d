package dev.athanor.otp.quarkus.deployment;

import dev.athanor.otp.quarkus.Supervised;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.arc.deployment.UnremovableBeanBuildItem;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.smallrye.health.deployment.spi.HealthBuildItem;
import org.jboss.jandex.DotName;

/// Registers the extension's beans and keeps those that contribute processes.
///
/// Runs at build time, on Quarkus's build threads.
public final class AthanorProcessor {
  private static final String PACKAGE = "dev.athanor.otp.quarkus.";

  @BuildStep
  FeatureBuildItem feature() {
    return new FeatureBuildItem("athanor");
  }

  @BuildStep
  AdditionalBeanBuildItem beans() {
    return AdditionalBeanBuildItem.builder()
        .addBeanClasses(
            PACKAGE + "NodeProducer", PACKAGE + "ApplicationTree", PACKAGE + "ProcessMetrics")
        .setUnremovable()
        .build();
  }

  @BuildStep
  UnremovableBeanBuildItem supervised() {
    return UnremovableBeanBuildItem.beanTypes(DotName.createSimple(Supervised.class.getName()));
  }

  @BuildStep
  HealthBuildItem health() {
    return new HealthBuildItem(PACKAGE + "TreeHealth", true);
  }
}

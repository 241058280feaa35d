package dev.athanor.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.kustomize.v1beta1.ConfigMapArgs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every pod of ours must be: confined, probed, sized, and given the time to drain. */
class PodRulesTest {
  private static final Map<String, Integer> PORTS = Map.of("http", 8080, "management", 9000);

  @Test
  void pods_everyWorkload_isConfined() {
    for (HasMetadata workload : everyWorkload()) {
      PodSpec pod = Manifests.template(workload).getSpec();
      var security = pod.getSecurityContext();
      assertThat(pod.getAutomountServiceAccountToken()).as(name(workload)).isFalse();
      assertThat(pod.getHostNetwork()).as(name(workload)).isNotEqualTo(true);
      assertThat(pod.getHostPID()).as(name(workload)).isNotEqualTo(true);
      assertThat(security.getRunAsNonRoot()).as(name(workload)).isTrue();
      assertThat(security.getRunAsUser()).as(name(workload)).isPositive();
      assertThat(security.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
      assertThat(pod.getInitContainers()).as(name(workload)).isEmpty();
      for (Container container : pod.getContainers()) {
        var own = container.getSecurityContext();
        assertThat(own.getRunAsNonRoot()).as(name(workload)).isTrue();
        assertThat(own.getReadOnlyRootFilesystem()).as(name(workload)).isTrue();
        assertThat(own.getAllowPrivilegeEscalation()).as(name(workload)).isFalse();
        assertThat(own.getPrivileged()).as(name(workload)).isNotEqualTo(true);
        assertThat(own.getCapabilities().getDrop()).as(name(workload)).containsExactly("ALL");
        assertThat(own.getCapabilities().getAdd()).as(name(workload)).isEmpty();
      }
    }
  }

  @Test
  void pods_readOnlyRoot_haveAWritableTmp() {
    for (HasMetadata workload : everyWorkload()) {
      PodSpec pod = Manifests.template(workload).getSpec();
      List<String> empty =
          pod.getVolumes().stream()
              .filter(volume -> volume.getEmptyDir() != null)
              .map(volume -> volume.getName())
              .toList();
      for (Container container : pod.getContainers()) {
        assertThat(container.getVolumeMounts())
            .as(name(workload))
            .anySatisfy(
                mount -> {
                  assertThat(mount.getMountPath()).isEqualTo("/tmp");
                  assertThat(empty).contains(mount.getName());
                });
      }
    }
  }

  @Test
  void pods_everyWorkload_isSelectedByItsOwnLabels() {
    for (HasMetadata workload : everyWorkload()) {
      Map<String, String> labels = Manifests.template(workload).getMetadata().getLabels();
      assertThat(labels).as(name(workload)).containsAllEntriesOf(selector(workload));
      for (var spread : Manifests.template(workload).getSpec().getTopologySpreadConstraints()) {
        assertThat(spread.getLabelSelector().getMatchLabels()).isEqualTo(selector(workload));
      }
    }
  }

  @Test
  void pods_everyContainer_isSized() {
    for (HasMetadata workload : everyWorkload()) {
      for (Container container : Manifests.template(workload).getSpec().getContainers()) {
        Map<String, Quantity> requests = container.getResources().getRequests();
        Map<String, Quantity> limits = container.getResources().getLimits();
        assertThat(requests).as(name(workload)).containsKeys("cpu", "memory");
        assertThat(limits).as(name(workload)).containsKey("memory").doesNotContainKey("cpu");
        limits.forEach(
            (resource, limit) ->
                assertThat(requests.get(resource).getNumericalAmount())
                    .as("%s of %s", resource, name(workload))
                    .isLessThanOrEqualTo(limit.getNumericalAmount()));
      }
    }
  }

  @Test
  void pods_everyProbe_pointsToANamedPort() {
    for (HasMetadata workload : everyWorkload()) {
      for (Container container : Manifests.template(workload).getSpec().getContainers()) {
        List<String> ports = container.getPorts().stream().map(ContainerPort::getName).toList();
        for (Probe probe :
            List.of(
                container.getStartupProbe(),
                container.getLivenessProbe(),
                container.getReadinessProbe())) {
          var port =
              probe.getHttpGet() != null
                  ? probe.getHttpGet().getPort()
                  : probe.getTcpSocket().getPort();
          assertThat(ports).as(name(workload)).contains(port.getStrVal());
        }
      }
    }
  }

  @Test
  void members_portsAndProbes_areTheApplicationsDefaults() {
    for (Deployment member : Manifests.applied(Manifests.base(), Deployment.class)) {
      Container container = Manifests.template(member).getSpec().getContainers().get(0);
      assertThat(
              container.getPorts().stream()
                  .collect(
                      Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort)))
          .isEqualTo(PORTS);
      assertThat(path(container.getStartupProbe())).isEqualTo("management/q/health/started");
      assertThat(path(container.getLivenessProbe())).isEqualTo("management/q/health/live");
      assertThat(path(container.getReadinessProbe())).isEqualTo("management/q/health/ready");
      assertThat(Manifests.template(member).getMetadata().getAnnotations())
          .containsEntry("prometheus.io/port", PORTS.get("management").toString())
          .containsEntry("prometheus.io/path", "/q/metrics");
    }
  }

  @Test
  void members_environment_hasTheDatabaseAndNoSurprises() {
    for (Deployment member : Manifests.applied(Manifests.base(), Deployment.class)) {
      PodSpec pod = Manifests.template(member).getSpec();
      assertThat(pod.getEnableServiceLinks()).as(name(member)).isFalse();
      Container container = pod.getContainers().get(0);
      List<String> secrets =
          container.getEnvFrom().stream()
              .filter(source -> source.getSecretRef() != null)
              .map(source -> source.getSecretRef().getName())
              .toList();
      assertThat(secrets)
          .isEqualTo(
              container.getName().equals("cms")
                  ? List.of("athanor-database", "athanor-editor")
                  : List.of("athanor-database"));
    }
  }

  @Test
  void members_termination_leavesTimeToDrain() {
    int drain = Integer.parseInt(setting("QUARKUS_SHUTDOWN_TIMEOUT").replace("s", ""));
    for (Deployment member : Manifests.applied(Manifests.base(), Deployment.class)) {
      PodSpec pod = Manifests.template(member).getSpec();
      long leave = pod.getContainers().get(0).getLifecycle().getPreStop().getSleep().getSeconds();
      assertThat(leave).as("seconds to leave the load balancers").isGreaterThanOrEqualTo(5);
      assertThat(pod.getTerminationGracePeriodSeconds())
          .as("grace of %s: preStop, draining and 10 s to stop", name(member))
          .isGreaterThanOrEqualTo(leave + drain + 10);
    }
  }

  private static List<HasMetadata> everyWorkload() {
    return Manifests.layers().stream()
        .flatMap(layer -> Manifests.workloads(layer).stream())
        .toList();
  }

  private static Map<String, String> selector(HasMetadata workload) {
    return workload instanceof Deployment deployment
        ? deployment.getSpec().getSelector().getMatchLabels()
        : Map.of("app.kubernetes.io/name", name(workload));
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }

  private static String path(Probe probe) {
    return probe.getHttpGet().getPort().getStrVal() + probe.getHttpGet().getPath();
  }

  private static String setting(String name) {
    Path base = Manifests.base();
    return Manifests.kustomization(base).getConfigMapGenerator().stream()
        .map(ConfigMapArgs::getLiterals)
        .flatMap(List::stream)
        .flatMap(line -> Stream.of(line).filter(text -> text.startsWith(name + "=")))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }
}

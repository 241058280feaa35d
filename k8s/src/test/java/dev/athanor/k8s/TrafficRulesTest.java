package dev.athanor.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What points to pods: services, routes, policies, budgets, the autoscaler. */
class TrafficRulesTest {

  @Test
  void services_everySelector_findsPodsWithItsPorts() {
    for (Path layer : Manifests.layers()) {
      for (Service service : Manifests.applied(layer, Service.class)) {
        List<HasMetadata> pods = matching(layer, service.getSpec().getSelector());
        assertThat(pods).as(name(service)).isNotEmpty();
        for (HasMetadata workload : pods) {
          assertThat(portNames(workload))
              .as("ports of %s behind %s", name(workload), name(service))
              .containsAll(
                  service.getSpec().getPorts().stream()
                      .map(port -> port.getTargetPort().getStrVal())
                      .toList());
        }
      }
    }
  }

  @Test
  void services_everyMember_hasOneOnPort80() {
    Set<String> members = deployments(Manifests.base());
    for (String member : members) {
      Service service = service(Manifests.base(), member);
      assertThat(service.getSpec().getPorts().stream().map(ServicePort::getPort))
          .containsExactly(80);
      assertThat(matching(Manifests.base(), service.getSpec().getSelector()))
          .extracting(TrafficRulesTest::name)
          .containsExactly(member);
    }
  }

  @Test
  void services_nodes_listEveryMemberReadyOrNot() {
    Service nodes = service(Manifests.base(), "athanor-nodes");
    assertThat(nodes.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(nodes.getSpec().getPublishNotReadyAddresses()).isTrue();
    assertThat(matching(Manifests.base(), nodes.getSpec().getSelector()))
        .extracting(TrafficRulesTest::name)
        .containsExactlyInAnyOrderElementsOf(deployments(Manifests.base()));
  }

  @Test
  void budgets_everyMember_hasOneThatLetsANodeDrain() {
    List<PodDisruptionBudget> budgets =
        Manifests.applied(Manifests.base(), PodDisruptionBudget.class);
    assertThat(budgets)
        .extracting(TrafficRulesTest::name)
        .containsExactlyInAnyOrderElementsOf(deployments(Manifests.base()));
    for (PodDisruptionBudget budget : budgets) {
      assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isPositive();
      assertThat(matching(Manifests.base(), budget.getSpec().getSelector().getMatchLabels()))
          .extracting(TrafficRulesTest::name)
          .containsExactly(name(budget));
    }
  }

  @Test
  void autoscaler_itsTarget_existsAndLeavesReplicasToIt() {
    List<HorizontalPodAutoscaler> scalers =
        Manifests.applied(Manifests.base(), HorizontalPodAutoscaler.class);
    assertThat(scalers).extracting(TrafficRulesTest::name).containsExactly("athanor-web");
    Set<String> scaled =
        scalers.stream()
            .map(scaler -> scaler.getSpec().getScaleTargetRef().getName())
            .collect(Collectors.toSet());
    for (Deployment deployment : Manifests.applied(Manifests.base(), Deployment.class)) {
      if (scaled.contains(name(deployment))) {
        assertThat(deployment.getSpec().getReplicas()).as(name(deployment)).isNull();
      } else {
        assertThat(deployment.getSpec().getReplicas()).as(name(deployment)).isPositive();
      }
    }
    assertThat(deployments(Manifests.base())).containsAll(scaled);
  }

  @Test
  void policies_everyMember_isClosedFirst() {
    NetworkPolicy closed = policy("athanor-closed");
    assertThat(closed.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
    assertThat(closed.getSpec().getIngress()).isEmpty();
    assertThat(closed.getSpec().getEgress()).isEmpty();
    assertThat(matching(Manifests.base(), closed.getSpec().getPodSelector().getMatchLabels()))
        .extracting(TrafficRulesTest::name)
        .containsExactlyInAnyOrderElementsOf(deployments(Manifests.base()));
  }

  @Test
  void policies_everyNamedPort_existsInThePodsItOpens() {
    for (NetworkPolicy policy : Manifests.applied(Manifests.base(), NetworkPolicy.class)) {
      List<HasMetadata> pods =
          Manifests.workloads(Manifests.base()).stream()
              .filter(workload -> selects(policy.getSpec().getPodSelector(), labels(workload)))
              .toList();
      assertThat(pods).as(name(policy)).isNotEmpty();
      for (var rule : policy.getSpec().getIngress()) {
        for (var port : rule.getPorts()) {
          assertThat(pods)
              .allSatisfy(
                  workload -> assertThat(portNames(workload)).contains(port.getPort().getStrVal()));
        }
      }
    }
  }

  @Test
  void policies_links_reachNoPrivateAddress() {
    var blocks =
        policy("athanor-links").getSpec().getEgress().get(0).getTo().stream()
            .map(peer -> peer.getIpBlock())
            .toList();
    assertThat(blocks.get(0).getExcept())
        .contains(
            "10.0.0.0/8",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "100.64.0.0/10");
    assertThat(blocks.get(1).getCidr()).isEqualTo("2000::/3");
  }

  @Test
  void routes_everyBackend_isAServicePort() {
    for (Path layer : Manifests.overlays()) {
      for (HTTPRoute route : Manifests.applied(layer, HTTPRoute.class)) {
        for (var rule : route.getSpec().getRules()) {
          for (var backend : rule.getBackendRefs()) {
            assertThat(service(layer, backend.getName()).getSpec().getPorts())
                .extracting(ServicePort::getPort)
                .contains(backend.getPort());
          }
        }
      }
    }
  }

  @Test
  void routes_socket_isNeverTimedOut() {
    var rules =
        Manifests.overlays().stream()
            .flatMap(layer -> Manifests.applied(layer, HTTPRoute.class).stream())
            .flatMap(route -> route.getSpec().getRules().stream())
            .toList();
    assertThat(rules)
        .filteredOn(
            rule ->
                rule.getMatches().stream()
                    .anyMatch(match -> match.getPath().getValue().equals("/socket")))
        .isNotEmpty()
        .allSatisfy(rule -> assertThat(rule.getTimeouts().getRequest()).isEqualTo("0s"));
    assertThat(rules).allSatisfy(rule -> assertThat(rule.getTimeouts()).isNotNull());
  }

  private static List<HasMetadata> matching(Path layer, Map<String, String> selector) {
    return Manifests.workloads(layer).stream()
        .filter(workload -> labels(workload).entrySet().containsAll(selector.entrySet()))
        .toList();
  }

  private static boolean selects(LabelSelector selector, Map<String, String> labels) {
    Map<String, String> wanted = selector.getMatchLabels();
    return labels.entrySet().containsAll(wanted.entrySet())
        && selector.getMatchExpressions().stream()
            .allMatch(
                expression -> {
                  assertThat(expression.getOperator()).isEqualTo("In");
                  return expression.getValues().contains(labels.get(expression.getKey()));
                });
  }

  private static Map<String, String> labels(HasMetadata workload) {
    return Manifests.template(workload).getMetadata().getLabels();
  }

  private static List<String> portNames(HasMetadata workload) {
    return Manifests.template(workload).getSpec().getContainers().stream()
        .map(Container::getPorts)
        .flatMap(List::stream)
        .map(ContainerPort::getName)
        .toList();
  }

  private static Set<String> deployments(Path layer) {
    return Manifests.applied(layer, Deployment.class).stream()
        .map(TrafficRulesTest::name)
        .collect(Collectors.toSet());
  }

  private static Service service(Path layer, String name) {
    return Manifests.applied(layer, Service.class).stream()
        .filter(service -> name(service).equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Expected a Service named " + name));
  }

  private static NetworkPolicy policy(String name) {
    return Manifests.applied(Manifests.base(), NetworkPolicy.class).stream()
        .filter(policy -> name(policy).equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("Expected a NetworkPolicy named " + name));
  }

  private static String name(HasMetadata object) {
    return object.getMetadata().getName();
  }
}

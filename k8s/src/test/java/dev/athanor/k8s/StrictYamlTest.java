package dev.athanor.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Service;
import org.junit.jupiter.api.Test;

/** The reader itself: what it must refuse, it refuses. */
class StrictYamlTest {
  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: web
        labels:
          tier: %s
      spec:
        ports:
          - name: http
            port: 80
            %s: http
      """;

  @Test
  void manifests_goodService_isRead() throws Exception {
    assertThat(StrictYaml.manifests(SERVICE.formatted("front", "targetPort")))
        .singleElement()
        .isInstanceOf(Service.class);
  }

  @Test
  void manifests_misspelledFieldDeepInside_isRefused() {
    assertThatThrownBy(() -> StrictYaml.manifests(SERVICE.formatted("front", "targetPrt")))
        .hasMessageContaining("targetPrt");
  }

  @Test
  void manifests_sameKeyTwice_isRefused() {
    assertThatThrownBy(() -> StrictYaml.manifests(SERVICE.formatted("front", "port")))
        .hasMessageContaining("uplicate");
  }

  @Test
  void manifests_numberWhereTextBelongs_isRefused() {
    assertThatThrownBy(() -> StrictYaml.manifests(SERVICE.formatted("1", "targetPort")))
        .hasMessageContaining("String");
  }

  @Test
  void manifests_unknownKind_isRefused() {
    assertThatThrownBy(
            () -> StrictYaml.manifests("apiVersion: v1\nkind: Servise\nmetadata: {name: a}\n"))
        .hasMessageContaining("v1/Servise");
  }
}

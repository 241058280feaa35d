package dev.athanor.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.kustomize.v1beta1.Kustomization;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files and how Kustomize puts them together. */
class ManifestsTest {
  private static final Set<String> MEMBERS = Set.of("web", "cms", "event-processor");

  @Test
  void files_everyYaml_parsesStrictly() {
    List<Path> files =
        Manifests.layers().stream()
            .flatMap(layer -> Manifests.files(layer).stream())
            .filter(file -> file.toString().endsWith(".yaml"))
            .filter(file -> !file.endsWith(Manifests.KUSTOMIZATION))
            .toList();
    assertThat(files)
        .isNotEmpty()
        .allSatisfy(file -> assertThat(Manifests.objects(file)).isNotEmpty());
  }

  @Test
  void layers_everyResource_exists() {
    List<String> missing = new ArrayList<>();
    for (Path layer : Manifests.layers()) {
      for (String resource : references(layer)) {
        Path path = layer.resolve(resource).normalize();
        Path file = Files.isDirectory(path) ? path.resolve(Manifests.KUSTOMIZATION) : path;
        if (!Files.isRegularFile(file)) {
          missing.add(Manifests.root().relativize(layer) + ": " + resource);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void layers_everyFile_isReferenced() {
    List<String> forgotten = new ArrayList<>();
    for (Path layer : Manifests.layers()) {
      Set<String> used = new TreeSet<>(references(layer));
      used.add(Manifests.KUSTOMIZATION);
      secretFiles(layer).forEach(file -> used.addAll(List.of(file, file + ".example")));
      for (Path file : Manifests.files(layer)) {
        String name = layer.relativize(file).toString();
        if (!used.contains(name)) {
          forgotten.add(Manifests.root().relativize(file).toString());
        }
      }
    }
    assertThat(forgotten).isEmpty();
  }

  @Test
  void layers_everyObject_isNamedOnce() {
    for (Path layer : Manifests.layers()) {
      List<String> names =
          Manifests.applied(layer).stream()
              .map(object -> object.getKind() + "/" + object.getMetadata().getName())
              .toList();
      assertThat(names).as("%s", layer.getFileName()).doesNotHaveDuplicates();
    }
  }

  @Test
  void layers_everyPatch_hasItsTarget() {
    for (Path layer : Manifests.layers()) {
      Set<String> names = names(Manifests.applied(layer));
      for (var patch : Manifests.kustomization(layer).getPatches()) {
        assertThat(names).containsAll(names(Manifests.objects(layer.resolve(patch.getPath()))));
      }
    }
  }

  @Test
  void base_members_areDeployedFromImagesOfTheirName() {
    Map<String, String> images = new TreeMap<>();
    for (Deployment deployment : Manifests.applied(Manifests.base(), Deployment.class)) {
      Container container = onlyContainer(deployment);
      images.put(container.getName(), container.getImage());
      assertThat(deployment.getMetadata().getName()).isEqualTo("athanor-" + container.getName());
    }
    assertThat(images)
        .isEqualTo(
            MEMBERS.stream().collect(Collectors.toMap(name -> name, name -> "athanor/" + name)));
  }

  @Test
  void overlays_everyImageOfTheBase_getsAVersion() {
    for (Path overlay : Manifests.overlays()) {
      Set<String> names = new TreeSet<>();
      for (var image : Manifests.kustomization(overlay).getImages()) {
        names.add(image.getName());
        assertThat(image.getNewTag()).isNotBlank().isNotEqualTo("latest");
      }
      assertThat(names)
          .as("images of %s", overlay.getFileName())
          .isEqualTo(MEMBERS.stream().map(name -> "athanor/" + name).collect(Collectors.toSet()));
    }
  }

  @Test
  void overlays_everySecretAndSettingAsked_isGenerated() {
    for (Path overlay : Manifests.overlays()) {
      Set<String> given = generated(overlay);
      Set<String> asked = new TreeSet<>();
      for (HasMetadata workload : Manifests.workloads(overlay)) {
        for (Container container : Manifests.template(workload).getSpec().getContainers()) {
          container.getEnvFrom().forEach(source -> asked.add(name(source)));
          container.getEnv().stream()
              .map(EnvVar::getValueFrom)
              .filter(Objects::nonNull)
              .forEach(source -> asked.add(source.getSecretKeyRef().getName()));
        }
      }
      assertThat(given).as("%s", overlay.getFileName()).containsAll(asked);
    }
  }

  @Test
  void overlays_secrets_comeFromFilesThatStayOutOfGit() {
    assertThat(Manifests.read(Manifests.root().resolve(".gitignore")))
        .contains("overlays/*/*.env\n");
    for (Path overlay : Manifests.overlays()) {
      for (var generator : Manifests.kustomization(overlay).getSecretGenerator()) {
        assertThat(generator.getLiterals()).isEmpty();
        assertThat(generator.getFiles()).isEmpty();
        assertThat(generator.getEnvs()).isNotEmpty();
      }
      Set<String> keys = new TreeSet<>();
      for (String file : secretFiles(overlay)) {
        Manifests.read(overlay.resolve(file + ".example"))
            .lines()
            .forEach(line -> keys.add(line.substring(0, line.indexOf('='))));
      }
      assertThat(keys)
          .containsExactlyInAnyOrder(
              "ATHANOR_DATABASE_URL",
              "ATHANOR_DATABASE_USERNAME",
              "ATHANOR_DATABASE_PASSWORD",
              "ATHANOR_EDITOR_PASSWORD",
              "ATHANOR_CMS_SESSION_KEY");
    }
  }

  private static Container onlyContainer(Deployment deployment) {
    List<Container> containers = Manifests.template(deployment).getSpec().getContainers();
    assertThat(containers).hasSize(1);
    return containers.get(0);
  }

  private static Set<String> names(List<HasMetadata> objects) {
    return objects.stream()
        .map(object -> object.getKind() + "/" + object.getMetadata().getName())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> references(Path layer) {
    Kustomization kustomization = Manifests.kustomization(layer);
    return Stream.concat(
            kustomization.getResources().stream(),
            kustomization.getPatches().stream().map(patch -> patch.getPath()))
        .toList();
  }

  private static List<String> secretFiles(Path layer) {
    return Manifests.kustomization(layer).getSecretGenerator().stream()
        .flatMap(generator -> generator.getEnvs().stream())
        .toList();
  }

  private static Set<String> generated(Path layer) {
    Kustomization kustomization = Manifests.kustomization(layer);
    Set<String> names = new TreeSet<>();
    kustomization.getSecretGenerator().forEach(generator -> names.add(generator.getName()));
    kustomization.getConfigMapGenerator().forEach(generator -> names.add(generator.getName()));
    for (String resource : kustomization.getResources()) {
      Path path = layer.resolve(resource).normalize();
      if (Files.isDirectory(path)) {
        names.addAll(generated(path));
      }
    }
    return names;
  }

  private static String name(EnvFromSource source) {
    return source.getSecretRef() != null
        ? source.getSecretRef().getName()
        : source.getConfigMapRef().getName();
  }
}

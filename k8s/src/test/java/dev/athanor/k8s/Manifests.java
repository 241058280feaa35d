package dev.athanor.k8s;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.kustomize.v1beta1.Kustomization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of this folder, read. */
final class Manifests {
  static final String KUSTOMIZATION = "kustomization.yaml";

  private Manifests() {}

  /** The k8s folder of the checked-out repository. */
  static Path root() {
    Path start = Path.of(System.getProperty("athanor.root", "")).toAbsolutePath();
    for (Path dir = start; dir != null; dir = dir.getParent()) {
      if (Files.exists(dir.resolve("mvnw"))) {
        return dir.resolve("k8s");
      }
    }
    throw new IllegalStateException("Expected a folder with mvnw at or above " + start);
  }

  static Path base() {
    return root().resolve("base");
  }

  static List<Path> overlays() {
    return files(root().resolve("overlays")).stream()
        .filter(file -> file.endsWith(KUSTOMIZATION))
        .map(Path::getParent)
        .toList();
  }

  /** Every folder that can be applied: the base and all overlays. */
  static List<Path> layers() {
    List<Path> layers = new ArrayList<>(overlays());
    layers.add(0, base());
    return layers;
  }

  static Kustomization kustomization(Path layer) {
    Path file = layer.resolve(KUSTOMIZATION);
    try {
      return StrictYaml.single(read(file), Kustomization.class);
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(root().relativize(file) + ": " + e.getMessage(), e);
    }
  }

  /** The objects of one file. */
  static List<HasMetadata> objects(Path file) {
    try {
      return StrictYaml.manifests(read(file));
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(root().relativize(file) + ": " + e.getMessage(), e);
    }
  }

  /** Everything a layer applies before its patches: its own resources and those it builds on. */
  static List<HasMetadata> applied(Path layer) {
    List<HasMetadata> objects = new ArrayList<>();
    for (String resource : kustomization(layer).getResources()) {
      Path path = layer.resolve(resource).normalize();
      objects.addAll(Files.isDirectory(path) ? applied(path) : objects(path));
    }
    return objects;
  }

  static <T extends HasMetadata> List<T> applied(Path layer, Class<T> type) {
    return applied(layer).stream().filter(type::isInstance).map(type::cast).toList();
  }

  static PodTemplateSpec template(HasMetadata workload) {
    return switch (workload) {
      case Deployment deployment -> deployment.getSpec().getTemplate();
      case StatefulSet set -> set.getSpec().getTemplate();
      default -> throw new IllegalArgumentException("No pods in " + workload.getKind());
    };
  }

  /** The objects of a layer that make pods. */
  static List<HasMetadata> workloads(Path layer) {
    return applied(layer).stream()
        .filter(object -> object instanceof Deployment || object instanceof StatefulSet)
        .toList();
  }

  static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package dev.athanor.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The image recipes, held against the manifests and the layout of a Quarkus package. */
class DockerfileTest {
  private static final Map<String, String> COPIED =
      Map.of(
          "Dockerfile.jvm", "apps/${APP}/target/quarkus-app/",
          "Dockerfile.native", "apps/${APP}/target/*-runner");
  private static final Pattern INSTRUCTION = Pattern.compile("[A-Z]+ .*");

  @Test
  void recipes_everyOne_takesTheApplicationFromItsTarget() {
    COPIED.forEach(
        (file, source) -> {
          List<String> fromContext =
              instructions(file).stream()
                  .filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
                  .toList();
          assertThat(fromContext).as(file).singleElement().asString().contains(" " + source + " ");
          assertThat(instructions(file)).as(file).contains("ARG APP");
        });
  }

  @Test
  void recipes_buildContext_holdsOnlyWhatIsCopied() {
    COPIED.forEach(
        (file, source) -> {
          List<String> lines =
              Manifests.read(Manifests.root().resolve(file + ".dockerignore")).lines().toList();
          String kept = source.replace("${APP}", "*").replaceAll("/$", "");
          assertThat(lines).as(file).containsExactly("*", "!" + kept);
        });
  }

  @Test
  void recipes_everyMember_isAnApplicationOfThisRepository() {
    Path apps = Manifests.root().resolveSibling("apps");
    for (var workload : Manifests.workloads(Manifests.base())) {
      String app = Manifests.template(workload).getSpec().getContainers().get(0).getName();
      assertThat(Files.isRegularFile(apps.resolve(app).resolve("pom.xml"))).as(app).isTrue();
    }
  }

  @Test
  void recipes_everyImage_runsAsTheUserOfTheManifests() {
    long user =
        Manifests.template(Manifests.workloads(Manifests.base()).get(0))
            .getSpec()
            .getSecurityContext()
            .getRunAsUser();
    for (String file : COPIED.keySet()) {
      assertThat(instructions(file)).as(file).contains("USER %s:%s".formatted(user, user));
    }
  }

  @Test
  void recipes_everyImage_exposesThePortsOfTheManifests() {
    String ports =
        Manifests.template(Manifests.workloads(Manifests.base()).get(0))
            .getSpec()
            .getContainers()
            .get(0)
            .getPorts()
            .stream()
            .map(port -> port.getContainerPort().toString())
            .collect(Collectors.joining(" "));
    for (String file : COPIED.keySet()) {
      assertThat(instructions(file)).as(file).contains("EXPOSE " + ports);
    }
  }

  @Test
  void recipes_everyBaseImage_hasAVersion() {
    for (String file : COPIED.keySet()) {
      assertThat(instructions(file))
          .filteredOn(line -> line.startsWith("FROM "))
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).matches("FROM [^: ]+:[\\w.-]+( AS \\w+)?"));
    }
    assertThat(Manifests.read(Manifests.root().resolve("Dockerfile.jvm")))
        .contains("FROM eclipse-temurin:25-jre\n", "\"-jar\", \"quarkus-run.jar\"]");
  }

  @Test
  void recipes_everyProcess_isTheFirstOfItsContainer() {
    for (String file : COPIED.keySet()) {
      assertThat(instructions(file))
          .as("exec form, so that the signal to stop arrives")
          .anyMatch(line -> line.startsWith("ENTRYPOINT ["))
          .noneMatch(line -> line.startsWith("CMD "));
    }
  }

  private static List<String> instructions(String file) {
    return Manifests.read(Manifests.root().resolve(file))
        .lines()
        .filter(line -> INSTRUCTION.matcher(line).matches())
        .toList();
  }
}

package dev.athanor.otp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// docs/conformance.md lists the scenarios that are tested, with the answers that are tested, so
/// that neither can say what the other does not. With `-Dathanor.conformance.write=true` the test
/// writes the tables into the document instead.
class ConformanceDocumentTest {
  private static final String BEGIN = "<!-- scenarios -->\n";
  private static final String END = "<!-- end of scenarios -->\n";

  private static Map<String, Stream<Scenario>> areas() {
    Map<String, Stream<Scenario>> areas = new LinkedHashMap<>();
    areas.put("Processes", ProcessConformanceTest.scenarios());
    areas.put("Servers", ServerConformanceTest.scenarios());
    areas.put("System messages", SysConformanceTest.scenarios());
    areas.put("Supervisors", SupervisorConformanceTest.scenarios());
    areas.put("Tasks", TaskConformanceTest.scenarios());
    areas.put("Registries", RegistryConformanceTest.scenarios());
    areas.put("Tables", TableConformanceTest.scenarios());
    return areas;
  }

  private static Path root() {
    return Path.of(System.getProperty("athanor.root", "../.."));
  }

  private static String tables() {
    StringBuilder text = new StringBuilder(BEGIN);
    areas()
        .forEach(
            (title, scenarios) -> {
              text.append("\n## ").append(title).append("\n");
              text.append("| scenario | OTP's answer | ours | |\n|---|---|---|---|\n");
              text.append(
                  scenarios.map(ConformanceDocumentTest::row).collect(Collectors.joining()));
            });
    return text.append("\n").append(END).toString();
  }

  private static String row(Scenario scenario) {
    boolean same = scenario.decision().isEmpty();
    return "| %s | `%s` | %s | %s |\n"
        .formatted(
            scenario.name(),
            scenario.otp(),
            same ? "same" : "`" + scenario.ours() + "`",
            same ? "" : "[ADR " + scenario.decision() + "](adr/" + adr(scenario) + ")");
  }

  private static String adr(Scenario scenario) {
    try (Stream<Path> files = Files.list(root().resolve("docs/adr"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(scenario.decision()))
          .findFirst()
          .orElseThrow(
              () -> new AssertionError(scenario + " names an ADR that is not in docs/adr"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void document_everyScenario_listedWithItsAnswers() throws IOException {
    Path file = root().resolve("docs/conformance.md");
    String text = Files.readString(file);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END) + END.length();
    if (Boolean.getBoolean("athanor.conformance.write")) {
      Files.writeString(file, text.substring(0, begin) + tables() + text.substring(end));
      return;
    }
    assertThat(text.substring(begin, end))
        .as("%s is out of date: run this test with -Dathanor.conformance.write=true", file)
        .isEqualTo(tables());
  }

  @Test
  void scenarios_always_differWhereADecisionSaysSoAndHaveNamesOfTheirOwn() {
    List<Scenario> all = areas().values().stream().flatMap(scenarios -> scenarios).toList();
    Set<String> names = new HashSet<>();
    assertThat(all)
        .allSatisfy(
            scenario -> {
              assertThat(names.add(scenario.name())).as("twice: %s", scenario).isTrue();
              assertThat(scenario.otp().equals(scenario.ours()))
                  .as("%s", scenario)
                  .isEqualTo(scenario.decision().isEmpty());
            });
  }
}

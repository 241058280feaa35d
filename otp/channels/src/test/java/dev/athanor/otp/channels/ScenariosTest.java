package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Plays `scenarios.txt` against the demo server and compares line by line.
class ScenariosTest {
  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new DemoServer();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private record Scenario(String name, String query, List<String> lines) {}

  @TestFactory
  Stream<DynamicTest> socket_everyScenario_answersAsWritten() throws IOException {
    return scenarios().stream()
        .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> play(scenario)));
  }

  private static void play(Scenario scenario) throws Exception {
    List<String> played = new ArrayList<>();
    try (RawClient client = new RawClient(server.port(), scenario.query())) {
      boolean over = client.status != 101;
      for (String line : scenario.lines()) {
        String rest = line.substring(2);
        switch (line.charAt(0)) {
          case '>' -> {
            if (rest.startsWith("BIN ")) {
              client.binary(HexFormat.of().parseHex(rest.substring(4)));
            } else {
              client.text(rest);
            }
            played.add(line);
          }
          case '!' -> {
            server.endpoint.disconnect("user:" + rest.substring("disconnect ".length()));
            played.add(line);
          }
          default -> {
            String got = over ? "HTTP " + client.status : masked(client.send().read());
            over = over || got.startsWith("CLOSE");
            played.add("< " + got);
          }
        }
      }
      if (!over) {
        client.send();
        for (int fence = 1; fence <= 2; fence++) {
          String got = client.readFence(fence);
          if (!got.contains("fence" + fence)) {
            played.add("< " + got);
          }
        }
      }
    }
    assertThat(played).isEqualTo(scenario.lines());
  }

  /// Nobody can know the references of presences.
  private static String masked(String line) {
    return line.replaceAll("\"phx_ref(_prev)?\":\"[^\"]*\"", "\"phx_ref$1\":\"R\"");
  }

  private static List<Scenario> scenarios() throws IOException {
    List<Scenario> all = new ArrayList<>();
    try (var in = ScenariosTest.class.getResourceAsStream("/scenarios.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String part : text.split("\n== ", -1)) {
        List<String> lines = part.lines().filter(line -> !line.isBlank()).toList();
        if (lines.size() > 1 && lines.get(1).startsWith("? ")) {
          all.add(
              new Scenario(
                  lines.get(0), lines.get(1).substring(2), lines.subList(2, lines.size())));
        }
      }
    }
    return all;
  }
}

package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.longpoll.LongPolling;
import dev.athanor.otp.channels.pubsub.Retention;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs the unmodified npm package `phoenix` under Node against the demo server. Without Node, or
/// without its packages, it is skipped with the reason; where CI=true it fails instead.
class PhoenixClientTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("athanor.root", "../.."), "otp/channels/src/test/node");

  @BeforeAll
  static void needNode() throws InterruptedException {
    need(run(List.of("node", "--version")), "node is not on the PATH");
    if (!Files.exists(FOLDER.resolve("node_modules/phoenix/package.json"))) {
      need(run(List.of("npm", "ci", "--silent")), "npm ci failed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "longpoll"})
  void phoenixJs_everyCheck_passes(String transport) throws Exception {
    try (DemoServer server = new DemoServer(builder -> builder.longPoll(LongPolling.DEFAULT))) {
      server.listenOnAnotherLoop();
      server.pubSub.keep("room:kept", new Retention(10, Duration.ofMinutes(1)));
      Outcome outcome = run(script("client.mjs", server.port(), transport));
      assertThat(outcome.output()).doesNotContain("not ok").contains("ok joins", "ok leaves");
      assertThat(outcome.status()).isZero();
    }
  }

  @Test
  void phoenixJs_serverKilledAndStartedAgain_joinsAgain() throws Exception {
    Process first = serve(0);
    int port = port(first);
    Process client = start(script("restart.mjs", port, "websocket"));
    Process second = null;
    try (BufferedReader said = client.inputReader(StandardCharsets.UTF_8)) {
      assertThat(said.readLine()).isEqualTo("ok joined");
      first.destroyForcibly().waitFor();
      assertThat(said.readLine()).isEqualTo("ok cut off");
      second = serve(port);
      assertThat(port(second)).isEqualTo(port);
      assertThat(said.readLine()).isEqualTo("ok joined again");
      assertThat(client.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(client.exitValue()).isZero();
    } finally {
      client.destroyForcibly();
      first.destroyForcibly();
      if (second != null) {
        second.destroyForcibly();
      }
    }
  }

  private static List<String> script(String name, int port, String transport) {
    return List.of("node", name, "ws://127.0.0.1:" + port + "/socket", transport);
  }

  /// A server in a JVM of its own.
  private static Process serve(int port) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            DemoMain.class.getName(),
            String.valueOf(port))
        .redirectErrorStream(true)
        .start();
  }

  private static int port(Process server) throws IOException {
    BufferedReader said = server.inputReader(StandardCharsets.UTF_8);
    String line = said.readLine();
    while (line != null && !line.startsWith("serving ")) {
      line = said.readLine();
    }
    assertThat(line).as("the server's first line").isNotNull();
    return Integer.parseInt(line.substring("serving ".length()));
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true).start();
  }

  record Outcome(int status, String output) {}

  static Outcome run(List<String> command) throws InterruptedException {
    try {
      Process process = start(command);
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor(60, TimeUnit.SECONDS);
      return new Outcome(process.exitValue(), output);
    } catch (IOException e) {
      return new Outcome(-1, String.valueOf(e.getMessage()));
    }
  }

  private static void need(Outcome outcome, String otherwise) {
    if (outcome.status() != 0) {
      String reason = otherwise + ": " + outcome.output();
      assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
      Assumptions.abort(reason);
    }
  }
}

package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Runs the unmodified npm package `phoenix` under Node against the demo server. Without Node, or
/// without its packages, it is skipped with the reason; where CI=true it fails instead.
class PhoenixClientTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("athanor.root", "../.."), "otp/channels/src/test/node");

  @Test
  void phoenixJs_everyCheck_passes() throws Exception {
    needNode();
    try (DemoServer server = new DemoServer()) {
      Outcome outcome =
          run(List.of("node", "client.mjs", "ws://127.0.0.1:" + server.port() + "/socket"));
      assertThat(outcome.output()).doesNotContain("not ok").contains("ok joins", "ok leaves");
      assertThat(outcome.status()).isZero();
    }
  }

  static void needNode() throws InterruptedException {
    need(run(List.of("node", "--version")), "node is not on the PATH");
    if (!Files.exists(FOLDER.resolve("node_modules/phoenix/package.json"))) {
      need(run(List.of("npm", "ci", "--silent")), "npm ci failed");
    }
  }

  record Outcome(int status, String output) {}

  static Outcome run(List<String> command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command).directory(FOLDER.toFile()).redirectErrorStream(true).start();
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

package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Runs the `Presence` class of the unmodified npm package `phoenix` under Node; skipped or failed
/// without it as [PhoenixClientTest] is.
class PresenceClientTest {
  @Test
  void phoenixJs_whileACrowdComesAndGoes_convergesToWhoIsThere() throws Exception {
    PhoenixClientTest.needNode();
    try (DemoServer server = new DemoServer()) {
      PhoenixClientTest.Outcome outcome =
          PhoenixClientTest.run(
              List.of("node", "presence.mjs", "ws://127.0.0.1:" + server.port() + "/socket"));
      assertThat(outcome.output()).doesNotContain("not ok").contains("ok tells who joins");
      assertThat(outcome.status()).isZero();
    }
  }
}

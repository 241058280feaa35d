package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.wire.Payload;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What can be said to a client, or by one, but not be written: it is the matter of one connection,
/// never of the others on its event loop.
class PoisonTest {
  private static final BlockingQueue<String> UNFIT = new LinkedBlockingQueue<>();
  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new DemoServer(builder -> builder.channel("slow:*", SlowChannel::new));
    server
        .node
        .telemetry()
        .attach("test", "athanor.socket.unencodable", event -> UNFIT.add(event.name()));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /// Never decides about a join but `slow:open`; answers with bytes, from another thread.
  private static final class SlowChannel extends Channel {
    @Override
    protected JoinResult onJoin(String topic, Payload params) {
      return topic.equals("slow:open")
          ? JoinResult.ok()
          : JoinResult.later(new CompletableFuture<>());
    }

    @Override
    protected Answer handleIn(String event, Payload payload) {
      ReplyRef ref = replyRef();
      Thread.startVirtualThread(() -> ref.ok(Payload.binary(new byte[] {1, 2, 3})));
      return Answer.none();
    }
  }

  private static void assertOthersLive() throws Exception {
    try (RawClient other = RawClient.join(server.port(), "room:a")) {
      other.text("[\"1\",\"2\",\"room:a\",\"ok\",{}]").send();
      assertThat(other.read()).contains("\"status\":\"ok\"");
    }
  }

  @Test
  void topic_ofHalfACharacterJoinedTwice_endsItsOwnConnectionOnly() throws Exception {
    try (RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      client.text("[\"1\",\"1\",\"slow:\\ud800\",\"phx_join\",{}]");
      client.text("[\"2\",\"2\",\"slow:\\ud800\",\"phx_join\",{}]");
      assertThat(client.send().read()).isEqualTo("CLOSE 1011");
    }
    assertOthersLive();
  }

  @Test
  void reply_lateAndOfBytesToVersion1_passesItBy() throws Exception {
    try (RawClient client = new RawClient(server.port(), "vsn=1.0.0")) {
      String message = "{\"topic\":\"slow:open\",\"event\":\"%s\",\"payload\":{},\"ref\":\"1\"}";
      client.text(message.formatted("phx_join")).send();
      assertThat(client.read()).contains("\"status\":\"ok\"");
      client.text(message.formatted("bytes")).send();
      assertThat(UNFIT.poll(10, TimeUnit.SECONDS)).isNotNull();
      assertThat(client.readFence(1)).contains("fence1");
    }
    assertOthersLive();
  }

  @Test
  void reply_lateAndOfBytesToALongReference_passesItBy() throws Exception {
    try (RawClient client = RawClient.join(server.port(), "slow:open")) {
      String ref = "9".repeat(300);
      client.text("[\"1\",\"" + ref + "\",\"slow:open\",\"bytes\",{}]").send();
      assertThat(UNFIT.poll(10, TimeUnit.SECONDS)).isNotNull();
      assertThat(client.readFence(1)).contains("fence1");
    }
    assertOthersLive();
  }
}

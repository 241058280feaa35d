package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.wire.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// What a connection may do and what ends it: limits, origins, broken frames.
class ConnectionTest {
  private static final String HEARTBEAT = "[null,\"1\",\"phoenix\",\"heartbeat\",{}]";
  private static final String ANSWER =
      "[null,\"1\",\"phoenix\",\"phx_reply\",{\"status\":\"ok\",\"response\":{}}]";

  @Test
  void connection_silentForTooLong_isClosed() throws Exception {
    Limits limits = Limits.DEFAULT.withIdleTimeout(Duration.ofMillis(200));
    try (DemoServer server = new DemoServer(builder -> builder.limits(limits));
        RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      assertThat(client.read()).isEqualTo("CLOSE 1002");
      assertThat(client.read()).isEqualTo("EOF");
    }
  }

  @Test
  void connection_tooManyMessages_isClosed() throws Exception {
    Limits limits = Limits.DEFAULT.withMaxMessagesPerSecond(3);
    try (DemoServer server = new DemoServer(builder -> builder.limits(limits));
        RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      for (int i = 0; i < 8; i++) {
        client.text(HEARTBEAT);
      }
      client.send();
      String line = client.read();
      for (int i = 0; i < 8 && line.equals(ANSWER); i++) {
        line = client.read();
      }
      assertThat(line).isEqualTo("CLOSE 1008");
    }
  }

  @Test
  void connection_fragmentsOrPingsWithoutEnd_isClosed() throws Exception {
    Limits limits = Limits.DEFAULT.withMaxMessagesPerSecond(100);
    try (DemoServer server = new DemoServer(builder -> builder.limits(limits))) {
      for (int first : new int[] {0x00, 0x8a}) {
        try (RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
          client.frame(0x01, new byte[1000]);
          for (int i = 0; i < 300; i++) {
            client.frame(first, new byte[0]);
          }
          assertThat(client.send().read()).isEqualTo("CLOSE 1008");
        }
      }
    }
  }

  @Test
  void connection_slowReader_isEndedWithAnEvent() throws Exception {
    Limits limits = Limits.DEFAULT.withMaxOutbound(64 * 1024);
    BlockingQueue<Number> overflows = new LinkedBlockingQueue<>();
    try (DemoServer server = new DemoServer(builder -> builder.limits(limits));
        RawClient slow = RawClient.join(server.port(), "room:a");
        RawClient other = RawClient.join(server.port(), "room:b")) {
      assertThat(slow.status).isEqualTo(101);
      server
          .node
          .telemetry()
          .attach(
              "test",
              "athanor.socket.overflow",
              event -> overflows.add(event.measurements().get("bytes")));
      Payload large = Payload.of("x".repeat(60_000));
      for (int i = 0; i < 500 && overflows.isEmpty(); i++) {
        server.pubSub.broadcast("room:a", "shout", large);
      }
      assertThat(overflows.poll(10, TimeUnit.SECONDS).longValue()).isGreaterThan(64 * 1024);
      Awaitility.await().until(() -> server.pubSub.subscribers("room:a") == 0);
      assertThat(other.text(HEARTBEAT).send().read()).isEqualTo(ANSWER);
    }
  }

  @Test
  void connection_otherOrigin_isRefused() throws Exception {
    Origins origins = Origins.of("https://news.example", "//*.athanor.dev");
    try (DemoServer server = new DemoServer(builder -> builder.origins(origins))) {
      assertThat(status(server, "https://news.example")).isEqualTo(101);
      assertThat(status(server, "http://live.athanor.dev:8080")).isEqualTo(101);
      assertThat(status(server, "http://127.0.0.1:3000")).isEqualTo(101);
      assertThat(status(server, "http://news.example")).isEqualTo(403);
      assertThat(status(server, "https://evil-athanor.dev")).isEqualTo(403);
      assertThat(status(server, "null")).isEqualTo(403);
    }
  }

  private static int status(DemoServer server, String origin) throws Exception {
    try (RawClient client = new RawClient(server.port(), "vsn=2.0.0", Map.of("Origin", origin))) {
      return client.status;
    }
  }

  @Test
  void connection_brokenFrames_areAnsweredWithTheirCode() throws Exception {
    Limits limits = Limits.DEFAULT.withMaxFrame(1000);
    try (DemoServer server = new DemoServer(builder -> builder.limits(limits))) {
      byte[] unmasked = {(byte) 0x81, 2, '{', '}'};
      byte[] reserved = {(byte) 0xc1, (byte) 0x80, 0, 0, 0, 0};
      byte[] lying = {(byte) 0x82, (byte) 0xff, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0};
      assertThat(end(server, client -> client.bytes(unmasked))).isEqualTo("CLOSE 1002");
      assertThat(end(server, client -> client.bytes(reserved))).isEqualTo("CLOSE 1002");
      assertThat(end(server, client -> client.bytes(lying))).isEqualTo("CLOSE 1002");
      assertThat(end(server, client -> client.frame(0x83, new byte[1]))).isEqualTo("CLOSE 1002");
      assertThat(end(server, client -> client.frame(0x80, new byte[1]))).isEqualTo("CLOSE 1002");
      assertThat(end(server, client -> client.frame(0x09, new byte[1]))).isEqualTo("CLOSE 1002");
      assertThat(end(server, client -> client.frame(0x89, new byte[126]))).isEqualTo("CLOSE 1002");
      assertThat(
              end(server, client -> client.frame(0x81, new byte[] {'"', (byte) 0xc0, (byte) 0x80})))
          .isEqualTo("CLOSE 1007");
      assertThat(end(server, client -> client.text("x".repeat(1001)))).isEqualTo("CLOSE 1009");
      assertThat(end(server, client -> client.text("[".repeat(1000)))).isEqualTo("CLOSE 1011");
      assertThat(end(server, client -> client.binary(new byte[] {0, 1, 1, 9, 9, 'x'})))
          .isEqualTo("CLOSE 1011");
      assertThat(end(server, client -> client.frame(0x88, new byte[] {3, (byte) 0xe8})))
          .isEqualTo("CLOSE 1000");
    }
  }

  private interface Sending {
    void send(RawClient client);
  }

  private static String end(DemoServer server, Sending sending) throws Exception {
    try (RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      sending.send(client);
      String line = client.send().read();
      assertThat(client.read()).isEqualTo("EOF");
      return line;
    }
  }

  @Test
  void connection_fragmentsAndPings_arePutTogether() throws Exception {
    try (DemoServer server = new DemoServer();
        RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      byte[] text = HEARTBEAT.getBytes(StandardCharsets.UTF_8);
      client.frame(0x01, java.util.Arrays.copyOfRange(text, 0, 10)).send();
      client.frame(0x89, "hi".getBytes(StandardCharsets.UTF_8)).send();
      assertThat(client.read()).isEqualTo("PONG hi");
      client.frame(0x00, java.util.Arrays.copyOfRange(text, 10, 20));
      client.frame(0x80, java.util.Arrays.copyOfRange(text, 20, text.length)).send();
      assertThat(client.read()).isEqualTo(ANSWER);
    }
  }

  @Test
  void connection_decidedAfterTheEndpointClosed_isRefused() throws Exception {
    CompletableFuture<Connect> decision = new CompletableFuture<>();
    CountDownLatch asked = new CountDownLatch(1);
    try (DemoServer server =
        new DemoServer(
            builder ->
                builder.connect(
                    info -> {
                      asked.countDown();
                      return Connect.later(decision);
                    }))) {
      CompletableFuture<Integer> status =
          CompletableFuture.supplyAsync(
              () -> {
                try (RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
                  return client.status;
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              },
              task -> Thread.ofPlatform().start(task));
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      server.endpoint.close();
      decision.complete(Connect.accept());
      assertThat(status.get(10, TimeUnit.SECONDS)).isEqualTo(503);
      assertThat(server.endpoint.traffic().sockets()).isZero();
    }
  }

  @Test
  void connection_oneByteAtATime_isUnderstood() throws Exception {
    try (DemoServer server = new DemoServer();
        RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      client.text(HEARTBEAT).sendSlowly();
      assertThat(client.read()).isEqualTo(ANSWER);
    }
  }

  @Test
  void endpoint_closed_saysGoodbyeAndRefuses() throws Exception {
    try (DemoServer server = new DemoServer();
        RawClient client = RawClient.join(server.port(), "room:a")) {
      server.endpoint.close();
      assertThat(client.read()).isEqualTo("CLOSE 1001");
      Awaitility.await().until(() -> server.channels() == 0);
      try (RawClient late = new RawClient(server.port(), "vsn=2.0.0")) {
        assertThat(late.status).isEqualTo(503);
      }
    }
  }
}

package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.channels.longpoll.LongPolling;
import dev.athanor.otp.channels.wire.Payload;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Clients that poll, request by request.
class LongPollTest {
  private static final String JOIN = "[\"1\",\"1\",\"room:x\",\"phx_join\",{}]";
  private static final String JOINED =
      "[\"1\",\"1\",\"room:x\",\"phx_reply\",{\"status\":\"ok\",\"response\":{}}]";

  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new DemoServer(builder -> builder.longPoll(LongPolling.DEFAULT));
    server.listenOnAnotherLoop();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static LongPollClient open() throws Exception {
    return LongPollClient.open(server.port(), "vsn=2.0.0&user=u1");
  }

  @Test
  void poll_withoutToken_opensASession() throws Exception {
    try (LongPollClient client = new LongPollClient(server.port(), "vsn=2.0.0")) {
      LongPollClient.Answer answer = client.poll();
      assertThat(answer.http()).isEqualTo(200);
      assertThat(answer.status()).isEqualTo(410);
      assertThat(answer.body().get("token").asText()).isNotEmpty();
      assertThat(answer.messages()).isEmpty();
    }
  }

  @Test
  void post_severalMessages_areAnsweredInOrder() throws Exception {
    try (LongPollClient client = open()) {
      LongPollClient.Answer posted =
          client.post(JOIN, "[\"1\",\"2\",\"room:x\",\"echo\",{\"a\":\"\\u0001 \\\"ü\"}]");
      assertThat(posted.status()).isEqualTo(200);
      assertThat(read(client, 2))
          .containsExactly(
              JOINED,
              "[\"1\",\"2\",\"room:x\",\"phx_reply\","
                  + "{\"status\":\"ok\",\"response\":{\"a\":\"\\u0001 \\\"ü\"}}]");
    }
  }

  private static List<String> read(LongPollClient client, int count) throws Exception {
    List<String> all = new ArrayList<>();
    while (all.size() < count) {
      LongPollClient.Answer answer = client.poll();
      assertThat(answer.status()).isEqualTo(200);
      all.addAll(answer.messages());
    }
    return all;
  }

  @Test
  void poll_thatWaits_getsABroadcast() throws Exception {
    try (LongPollClient client = open()) {
      client.post(JOIN.replace(":x", ":wait"));
      read(client, 1);
      CompletableFuture<LongPollClient.Answer> waiting = client.pollLater();
      server.pubSub.broadcast("room:wait", "news", Payload.of(Map.of("n", 1)));
      assertThat(waiting.get(10, TimeUnit.SECONDS).messages())
          .containsExactly("[null,null,\"room:wait\",\"news\",{\"n\":1}]");
    }
  }

  @Test
  void session_ofVersion1_speaksObjects() throws Exception {
    try (LongPollClient client = LongPollClient.open(server.port(), "vsn=1.0.0")) {
      String join = "{\"topic\":\"room:x\",\"event\":\"phx_join\",\"payload\":{},\"ref\":\"1\"}";
      assertThat(client.send("POST", "application/json", join).status()).isEqualTo(200);
      assertThat(read(client, 1))
          .containsExactly(
              "{\"ref\":\"1\",\"topic\":\"room:x\",\"event\":\"phx_reply\","
                  + "\"payload\":{\"status\":\"ok\",\"response\":{}}}");
    }
  }

  @Test
  void post_base64_isABinaryMessage() throws Exception {
    try (LongPollClient client = open()) {
      client.post(JOIN, "AAEBBgIxMnJvb206eG9rAQI=");
      assertThat(read(client, 2))
          .containsExactly(JOINED, JOINED.replace("\"1\",\"1\"", "\"1\",\"2\""));
    }
  }

  @Test
  void post_whatIsNoMessage_endsTheSession() throws Exception {
    try (LongPollClient client = open()) {
      CompletableFuture<LongPollClient.Answer> waiting = client.pollLater();
      assertThat(client.post("[nope").status()).isEqualTo(410);
      assertThat(waiting.get(10, TimeUnit.SECONDS).status()).isIn(204, 410);
      assertThat(client.poll().status()).isEqualTo(410);
    }
    try (LongPollClient client = open()) {
      byte[] wrong = {'[', '"', (byte) 0xc0, (byte) 0x80};
      assertThat(client.send("POST", "text/plain", wrong).status()).isEqualTo(410);
    }
    try (LongPollClient client = open()) {
      assertThat(client.post("[" + "x".repeat(200_000)).status()).isEqualTo(410);
    }
  }

  @Test
  void post_brokenBase64_isABadRequest() throws Exception {
    try (LongPollClient client = open()) {
      assertThat(client.post("%%%").http()).isEqualTo(400);
      assertThat(client.post(JOIN).status()).isEqualTo(200);
    }
  }

  @Test
  void post_tooLargeABody_isRefused() throws Exception {
    LongPolling small = LongPolling.DEFAULT.withMaxBody(100);
    try (DemoServer other = new DemoServer(builder -> builder.longPoll(small));
        LongPollClient client = LongPollClient.open(other.port(), "vsn=2.0.0")) {
      assertThat(client.post(JOIN, JOIN, JOIN, JOIN).http()).isEqualTo(413);
    }
  }

  @Test
  void request_withAForeignToken_getsANewSession() throws Exception {
    try (LongPollClient client = open()) {
      String mine = client.token;
      client.token = "A1.AAAA.AAAA";
      assertThat(client.post(JOIN).status()).isEqualTo(410);
      LongPollClient.Answer answer = client.poll();
      assertThat(answer.status()).isEqualTo(410);
      assertThat(answer.body().get("token").asText()).isNotEqualTo(mine);
    }
  }

  @Test
  void poll_refusedByTheApplication_isForbidden() throws Exception {
    for (String query : List.of("vsn=2.0.0&deny=1", "vsn=9.0.0")) {
      try (LongPollClient client = new LongPollClient(server.port(), query)) {
        LongPollClient.Answer answer = client.poll();
        assertThat(answer.http()).isEqualTo(200);
        assertThat(answer.status()).isEqualTo(403);
      }
    }
  }

  @Test
  void poll_fromAForeignPage_isForbidden() throws Exception {
    try (LongPollClient client = new LongPollClient(server.port(), "vsn=2.0.0")) {
      assertThat(client.poll("Origin", "https://evil.example").status()).isEqualTo(403);
      assertThat(client.poll("Origin", "http://127.0.0.1:3000").status()).isEqualTo(410);
    }
  }

  @Test
  void poll_overHttp2_knowsItsHost() throws Exception {
    URI address = URI.create("http://127.0.0.1:" + server.port() + "/socket/longpoll?vsn=2.0.0");
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      for (String origin : List.of("http://127.0.0.1:3000", "https://evil.example")) {
        HttpResponse<String> answer = null;
        for (int i = 0; i < 2; i++) { // the first is an upgrade
          answer =
              http.send(
                  HttpRequest.newBuilder(address).header("Origin", origin).build(),
                  HttpResponse.BodyHandlers.ofString());
        }
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).contains("\"status\":" + (origin.contains("evil") ? 403 : 410));
      }
    }
  }

  @Test
  void poll_decidedAfterTheEndpointClosed_isRefused() throws Exception {
    CompletableFuture<Connect> decision = new CompletableFuture<>();
    CountDownLatch asked = new CountDownLatch(1);
    try (DemoServer other =
            new DemoServer(
                builder ->
                    builder
                        .longPoll(LongPolling.DEFAULT)
                        .connect(
                            info -> {
                              asked.countDown();
                              return Connect.later(decision);
                            }));
        LongPollClient client = new LongPollClient(other.port(), "vsn=2.0.0")) {
      CompletableFuture<LongPollClient.Answer> answer = client.pollLater();
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      other.endpoint.close();
      decision.complete(Connect.accept());
      assertThat(answer.get(10, TimeUnit.SECONDS).http()).isEqualTo(503);
      assertThat(other.endpoint.traffic().sockets()).isZero();
    }
  }

  @Test
  void options_areAnsweredForBrowsers() throws Exception {
    try (LongPollClient client = new LongPollClient(server.port(), "vsn=2.0.0")) {
      var response = client.preflight();
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().map())
          .containsEntry("access-control-allow-origin", List.of("*"))
          .containsEntry("access-control-allow-headers", List.of("content-type"))
          .containsEntry("access-control-allow-methods", List.of("get, post, options"))
          .containsEntry("access-control-max-age", List.of("3600"));
      assertThat(client.send("PUT", "text/plain", "").http()).isEqualTo(400);
    }
  }

  @Test
  void disconnect_ofItsId_endsTheSession() throws Exception {
    try (LongPollClient client = LongPollClient.open(server.port(), "vsn=2.0.0&user=gone")) {
      client.post(JOIN);
      read(client, 1);
      CompletableFuture<LongPollClient.Answer> waiting = client.pollLater();
      server.endpoint.disconnect("user:gone");
      assertThat(waiting.get(10, TimeUnit.SECONDS).status()).isIn(204, 410);
      assertThat(client.post(JOIN).status()).isEqualTo(410);
    }
  }

  @Test
  void session_overItsWindows_isAnsweredWithNothingThenGone() throws Exception {
    LongPolling quick = LongPolling.DEFAULT.withWindow(Duration.ofMillis(100));
    try (DemoServer other = new DemoServer(builder -> builder.longPoll(quick));
        LongPollClient client = LongPollClient.open(other.port(), "vsn=2.0.0")) {
      client.post(JOIN);
      read(client, 1);
      LongPollClient.Answer nothing = client.poll();
      assertThat(nothing.status()).isEqualTo(204);
      assertThat(nothing.body().get("token").asText()).isEqualTo(client.token);
      Awaitility.await().until(() -> other.pubSub.subscribers("room:x") == 0);
      assertThat(client.poll().status()).isEqualTo(410);
    }
  }

  @Test
  void session_thatDoesNotAsk_isEndedWithAnEvent() throws Exception {
    Limits limits = Limits.DEFAULT.withMaxOutbound(10_000);
    BlockingQueue<Number> overflows = new LinkedBlockingQueue<>();
    try (DemoServer other =
            new DemoServer(builder -> builder.longPoll(LongPolling.DEFAULT).limits(limits));
        LongPollClient client = LongPollClient.open(other.port(), "vsn=2.0.0")) {
      other
          .node
          .telemetry()
          .attach(
              "test",
              "athanor.socket.overflow",
              event -> overflows.add(event.measurements().get("bytes")));
      client.post(JOIN);
      for (int i = 0; i < 20; i++) {
        other.pubSub.broadcast("room:x", "shout", Payload.of("x".repeat(1000)));
      }
      assertThat(overflows.poll(10, TimeUnit.SECONDS).longValue()).isGreaterThan(10_000);
      assertThat(client.poll().status()).isEqualTo(410);
    }
  }

  @Test
  void post_toAJoinDecidedLater_doesNotWaitForIt() throws Exception {
    LongPolling quick = LongPolling.DEFAULT.withWindow(Duration.ofMillis(100));
    try (DemoServer other =
            new DemoServer(builder -> builder.longPoll(quick).channel("slow", SlowChannel::new));
        LongPollClient client = LongPollClient.open(other.port(), "vsn=2.0.0")) {
      String join = "[\"1\",\"1\",\"slow\",\"phx_join\",{}]";
      assertThat(client.post(join, "[\"1\",\"2\",\"slow\",\"ok\",{}]").status()).isEqualTo(200);
    }
  }

  /// Never decides.
  private static final class SlowChannel extends Channel {
    @Override
    protected JoinResult onJoin(String topic, Payload params) {
      return JoinResult.later(new CompletableFuture<>());
    }
  }

  @Test
  void endpoint_draining_refusesNewSessionsAndEndsTheOthers() throws Exception {
    try (DemoServer other = new DemoServer(builder -> builder.longPoll(LongPolling.DEFAULT));
        LongPollClient client = LongPollClient.open(other.port(), "vsn=2.0.0")) {
      client.post(JOIN);
      other.endpoint.drain().toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThat(other.channels()).isZero();
      assertThat(client.poll().http()).isEqualTo(503);
      assertThat(client.post(JOIN).status()).isEqualTo(410);
    }
  }

  @Test
  void endpoint_withoutLongPolling_takesThePathForAHandshake() throws Exception {
    try (DemoServer other = new DemoServer();
        LongPollClient client = new LongPollClient(other.port(), "vsn=2.0.0")) {
      assertThat(client.poll().http()).isEqualTo(400);
    }
  }

  @Test
  void options_ofNothing_areRefused() {
    assertThatThrownBy(() -> LongPolling.DEFAULT.withWindow(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a window above zero, got PT0S");
  }
}

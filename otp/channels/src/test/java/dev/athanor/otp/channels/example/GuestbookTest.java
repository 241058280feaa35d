package dev.athanor.otp.channels.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.testing.TestChannel;
import dev.athanor.otp.channels.testing.TestSocket;
import dev.athanor.otp.channels.token.Token;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.vertx.VertxScheduler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GuestbookTest {
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
  private static final Token TOKEN = new Token(SECRET, "guestbook");

  private final Node node = Node.on(new DeterministicScheduler());
  private final PubSub pubSub = new PubSub(node);
  private final Endpoint endpoint = GuestbookExample.endpoint(node, pubSub, TOKEN);

  @Test
  void guestbook_entryWritten_reachesEveryReader() {
    try (TestSocket ada = TestSocket.connect(endpoint, Map.of("token", TOKEN.sign("ada")));
        TestSocket bob = TestSocket.connect(endpoint, Map.of("token", TOKEN.sign("bob")))) {
      TestChannel writing = ada.subscribeAndJoin("guestbook:june");
      TestChannel reading = bob.subscribeAndJoin("guestbook:june");

      writing.push("write", Map.of("text", "hello")).assertReply("ok", Map.of("written", 1));

      reading.assertPush("entry", Map.of("text", "hello"));
      writing.assertBroadcast("entry");
      writing.push("erase").assertReply("error");
      reading.refutePush("entry");
    }
  }

  @Test
  void guestbook_withoutAToken_isClosed() {
    TestSocket.assertRefused(endpoint, Map.of());
    TestSocket.assertRefused(endpoint, Map.of("token", new Token(SECRET, "mail").sign("ada")));
  }

  @Test
  void guestbook_announcedEntry_reachesTheReader() {
    try (TestSocket socket = TestSocket.connect(endpoint, Map.of("token", TOKEN.sign("ada")))) {
      TestChannel june = socket.subscribeAndJoin("guestbook:june");
      TestChannel july = socket.subscribeAndJoin("guestbook:july");
      assertThat(june.response().json().get("book").asText()).isEqualTo("june");

      GuestbookExample.announce(pubSub, "june", "{\"text\":\"hello\"}".getBytes(UTF_8));

      june.assertPush("entry", Map.of("text", "hello"));
      july.refutePush("entry");
    }
  }

  @Test
  void guestbook_overTheNetwork_saysTheSame() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (VertxScheduler scheduler = new VertxScheduler(vertx);
        Node real = Node.on(scheduler);
        Endpoint open = GuestbookExample.endpoint(real, new PubSub(real), TOKEN)) {
      HttpServer server =
          GuestbookExample.server(vertx, open)
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
      BlockingQueue<String> received = new LinkedBlockingQueue<>();
      WebSocketClient client = vertx.createWebSocketClient();
      client
          .connect(
              new WebSocketConnectOptions()
                  .setHost("127.0.0.1")
                  .setPort(server.actualPort())
                  .setURI("/socket/websocket?vsn=2.0.0&token=" + TOKEN.sign("ada")))
          .onSuccess(
              socket -> {
                socket.textMessageHandler(received::add);
                socket.writeTextMessage("[\"1\",\"1\",\"guestbook:june\",\"phx_join\",{}]");
              });
      assertThat(received.poll(10, TimeUnit.SECONDS)).contains("{\"book\":\"june\"}");
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }
}

package dev.athanor.otp.channels.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.token.Token;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.vertx.VertxScheduler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GuestbookTest {
  private static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);

  @Test
  void guestbook_announcedEntry_reachesTheReader() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (VertxScheduler scheduler = new VertxScheduler(vertx);
        Node node = Node.on(scheduler)) {
      PubSub pubSub = new PubSub(node);
      Token token = new Token(SECRET, "guestbook");
      try (Endpoint endpoint = GuestbookExample.endpoint(node, pubSub, token)) {
        HttpServer server =
            GuestbookExample.server(vertx, endpoint)
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
                    .setURI("/socket/websocket?vsn=2.0.0&token=" + token.sign("ada")))
            .onSuccess(
                socket -> {
                  socket.textMessageHandler(received::add);
                  socket.writeTextMessage("[\"1\",\"1\",\"guestbook:june\",\"phx_join\",{}]");
                });
        assertThat(received.poll(10, TimeUnit.SECONDS)).contains("{\"book\":\"june\"}");
        GuestbookExample.announce(
            pubSub, "june", "{\"text\":\"hello\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(received.poll(10, TimeUnit.SECONDS))
            .isEqualTo("[null,null,\"guestbook:june\",\"entry\",{\"text\":\"hello\"}]");
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }
}

package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.vertx.VertxScheduler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Broadcasts on their way to sockets, with the transport of the JDK and with epoll where the
/// machine has it, which takes a shorter way.
class BroadcastTest {
  private static final int MESSAGES = 500;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void broadcast_burst_arrivesWholeAndInOrder(boolean epoll) throws Exception {
    run(
        epoll,
        Limits.DEFAULT,
        (pubSub, clients) -> {
          for (int i = 0; i < MESSAGES; i++) {
            pubSub.broadcast("room:1", "said", json(i, "x".repeat(i * 7 % 300)));
          }
          for (RawClient client : clients) {
            for (int i = 0; i < MESSAGES; i++) {
              assertThat(client.read())
                  .startsWith("[null,null,\"room:1\",\"said\",{\"n\":" + i + ",");
            }
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void broadcast_largerThanTheSocketTakes_restFollows(boolean epoll) throws Exception {
    run(
        epoll,
        Limits.DEFAULT.withMaxOutbound(64 << 20),
        (pubSub, clients) -> {
          String body = "y".repeat(8 << 20);
          pubSub.broadcast("room:1", "said", json(0, body));
          pubSub.broadcast("room:1", "said", json(1, ""));
          for (RawClient client : clients) {
            String first = client.read();
            assertThat(first.length()).isGreaterThan(8 << 20);
            assertThat(first.startsWith("[null,null,\"room:1\",\"said\",{\"n\":0,")).isTrue();
            assertThat(first.endsWith("yy\"}]")).isTrue();
            assertThat(client.read()).contains("{\"n\":1,");
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void broadcast_readerStandsStill_isEndedAndOthersGoOn(boolean epoll) throws Exception {
    run(
        epoll,
        Limits.DEFAULT.withMaxOutbound(1 << 20),
        (pubSub, clients) -> {
          String body = "z".repeat(1 << 18);
          RawClient reads = clients.getFirst();
          for (int i = 0; i < 100; i++) {
            pubSub.broadcast("room:1", "said", json(i, body));
            assertThat(reads.read()).contains("{\"n\":" + i + ",");
          }
          assertThat(pubSub.subscribers("room:1")).isEqualTo(1);
        });
  }

  private static byte[] json(int number, String body) {
    return ("{\"n\":" + number + ",\"body\":\"" + body + "\"}").getBytes(StandardCharsets.UTF_8);
  }

  private static final class Room extends Channel {
    @Override
    protected JoinResult onJoin(String topic, Payload params) {
      return JoinResult.ok();
    }
  }

  private interface Story {
    void tell(PubSub pubSub, List<RawClient> clients) throws Exception;
  }

  private static void run(boolean epoll, Limits limits, Story story) throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(epoll));
    List<RawClient> clients = new ArrayList<>();
    try (VertxScheduler scheduler = new VertxScheduler(vertx)) {
      Node node = Node.on(scheduler);
      PubSub pubSub = new PubSub(node);
      Endpoint endpoint =
          Endpoint.builder(node, pubSub).channel("room:*", Room::new).limits(limits).build();
      HttpServer server =
          vertx
              .createHttpServer()
              .requestHandler(endpoint)
              .listen(0, "127.0.0.1")
              .toCompletionStage()
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
      clients.add(RawClient.join(server.actualPort(), "room:1"));
      clients.add(RawClient.join(server.actualPort(), "room:1"));
      story.tell(pubSub, clients);
      node.close();
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }
}

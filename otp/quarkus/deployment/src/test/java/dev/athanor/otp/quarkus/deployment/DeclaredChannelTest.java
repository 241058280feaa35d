package dev.athanor.otp.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.Channel;
import dev.athanor.otp.channels.Connect;
import dev.athanor.otp.channels.ConnectInfo;
import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.testing.TestChannel;
import dev.athanor.otp.channels.testing.TestSocket;
import dev.athanor.otp.channels.token.Token;
import dev.athanor.otp.channels.typed.OnJoin;
import dev.athanor.otp.channels.typed.OnMessage;
import dev.athanor.otp.channels.typed.TypedChannel;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.quarkus.channels.ChannelTopic;
import dev.athanor.otp.quarkus.channels.SocketConnect;
import dev.athanor.otp.quarkus.channels.Tokens;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Channels that are beans, over a real WebSocket and by the test kit.
class DeclaredChannelTest {
  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withApplicationRoot(
              jar ->
                  jar.addClasses(
                      Ledger.class,
                      BookChannel.class,
                      NewsChannel.class,
                      Door.class,
                      Several.class,
                      Elsewhere.class))
          .overrideConfigKey("athanor.channels.path", "/live/")
          .overrideConfigKey("athanor.channels.max-channels", "2")
          .overrideConfigKey("athanor.channels.long-polling", "true")
          .overrideConfigKey("quarkus.http.test-port", "0")
          .overrideConfigKey("quarkus.management.test-port", "0");

  @Singleton
  static class Ledger {
    final AtomicInteger entries = new AtomicInteger();
  }

  @ChannelTopic("book:*")
  static class BookChannel extends TypedChannel {
    record Entry(String text) {}

    record Written(int mine, int all) {}

    @Inject Ledger ledger;
    private int mine;

    @OnJoin
    Map<String, Object> join() {
      return Map.of("book", subtopic(), "reader", String.valueOf(socket().id()));
    }

    @OnMessage("write")
    Written write(Entry entry) {
      broadcast("entry", entry);
      return new Written(++mine, ledger.entries.incrementAndGet());
    }
  }

  @ChannelTopic("book:news")
  static class NewsChannel extends Channel {
    @Override
    protected JoinResult onJoin(String topic, Payload params) {
      return JoinResult.ok(Payload.of(Map.of("exact", true)));
    }
  }

  @Singleton
  static class Door implements SocketConnect {
    private final Token token;

    Door(Tokens tokens) {
      token = tokens.of("door");
    }

    @Override
    public Connect connect(ConnectInfo info) {
      return switch (token.verify(String.valueOf(info.param("token")), Duration.ofHours(1))) {
        case Token.Verified.Valid(var reader, var _) ->
            Connect.accept("reader:" + reader, Map.of());
        case Token.Verified.Expired _, Token.Verified.Invalid _ -> Connect.refuse();
      };
    }
  }

  /// The PubSub of an application whose nodes hear each other.
  @Singleton
  static class Several {
    @Produces
    @Singleton
    PubSub pubSub(Node node) {
      return new PubSub(node, new Elsewhere());
    }
  }

  static final class Elsewhere implements PubSub.Adapter {
    static final AtomicInteger SENT = new AtomicInteger();

    @Override
    public String nodeName() {
      return "elsewhere";
    }

    @Override
    public void broadcast(String topic, Object message) {
      SENT.incrementAndGet();
    }

    @Override
    public void directBroadcast(String node, String topic, Object message) {}
  }

  @TestHTTPResource("/")
  URI base;

  @Inject Endpoint endpoint;
  @Inject Tokens tokens;
  private final MeterRegistry meters = meters();

  private static MeterRegistry meters() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    return registry;
  }

  @Test
  void channel_declaredAsABean_speaksOverAWebSocket() throws Exception {
    BlockingQueue<String> received = new LinkedBlockingQueue<>();
    URI address =
        URI.create(
            "ws://%s/live/websocket?vsn=2.0.0&token=%s"
                .formatted(base.getAuthority(), tokens.of("door").sign("ada")));
    try (HttpClient http = HttpClient.newHttpClient()) {
      WebSocket socket =
          http.newWebSocketBuilder()
              .buildAsync(
                  address,
                  new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(
                        WebSocket from, CharSequence text, boolean last) {
                      received.add(text.toString());
                      from.request(1);
                      return null;
                    }
                  })
              .get(10, TimeUnit.SECONDS);
      socket.sendText("[\"1\",\"1\",\"book:june\",\"phx_join\",{}]", true).join();
      assertThat(received.poll(10, TimeUnit.SECONDS))
          .contains("\"status\":\"ok\"", "\"book\":\"june\"", "\"reader\":\"reader:ada\"");
      socket.sendText("[\"1\",\"2\",\"book:june\",\"write\",{\"text\":\"hi\"}]", true).join();
      assertThat(received.poll(10, TimeUnit.SECONDS))
          .isEqualTo("[null,null,\"book:june\",\"entry\",{\"text\":\"hi\"}]");
      assertThat(received.poll(10, TimeUnit.SECONDS)).contains("\"mine\":1");
      assertThat(meters.get("athanor.sockets").gauge().value()).isGreaterThanOrEqualTo(1);
      socket.abort();

      URI poll =
          URI.create(address.toString().replace("ws:", "http:").replace("/websocket", "/longpoll"));
      assertThat(
              http.send(HttpRequest.newBuilder(poll).build(), HttpResponse.BodyHandlers.ofString())
                  .body())
          .contains("\"status\":410", "\"token\"");
    }
  }

  @Test
  void channel_eachJoin_makesAnInstanceWithWhatItInjects() {
    String token = tokens.of("door").sign("bob");
    try (TestSocket one = TestSocket.connect(endpoint, Map.of("token", token));
        TestSocket two = TestSocket.connect(endpoint, Map.of("token", token))) {
      TestChannel first = one.subscribeAndJoin("book:july");
      TestChannel second = two.subscribeAndJoin("book:july");
      int all =
          first
              .push("write", Map.of("text", "a"))
              .assertReply("ok", Map.of("mine", 1))
              .json()
              .get("all")
              .asInt();
      second
          .push("write", Map.of("text", "b"))
          .assertReply("ok", Map.of("mine", 1, "all", all + 1));
      second.assertPush("entry", Map.of("text", "a"));

      assertThat(one.subscribeAndJoin("book:news").response().json().has("exact")).isTrue();
      assertThat(one.assertJoinRefused("book:may", Map.of()).json().get("reason").asText())
          .isEqualTo("too many channels joined");
    }
    assertThat(Elsewhere.SENT)
        .as("broadcasts by the application's own PubSub")
        .hasValueGreaterThan(1);
    assertThat(meters.get("athanor.presence.tell_failed").counter().count()).isZero();
    assertThat(meters.get("athanor.socket.drain").counter().count()).isZero();
    TestSocket.assertRefused(endpoint, Map.of("token", tokens.of("window").sign("ada")));
    assertThat(meters.get("athanor.channel.joined").counter().count()).isGreaterThanOrEqualTo(3);
    assertThat(meters.get("athanor.socket.messages").tag("direction", "in").functionCounter())
        .satisfies(counter -> assertThat(counter.count()).isGreaterThanOrEqualTo(5));
    assertThat(meters.get("athanor.pubsub.broadcasts").functionCounter().count())
        .isGreaterThanOrEqualTo(2);
  }
}

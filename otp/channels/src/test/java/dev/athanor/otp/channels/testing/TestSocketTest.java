package dev.athanor.otp.channels.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.channels.Answer;
import dev.athanor.otp.channels.Channel;
import dev.athanor.otp.channels.Connect;
import dev.athanor.otp.channels.ConnectInfo;
import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.ReplyRef;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Seeds;
import dev.athanor.otp.vertx.VertxScheduler;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The test kit itself, in virtual and in real time.
class TestSocketTest {
  private record Tick(int number) {}

  private record Score(int points, List<String> by) {}

  /// A game of which everybody sees the points; the referee's whistle is intercepted.
  private static final class GameChannel extends Channel {
    private int points;

    @Override
    protected JoinResult onJoin(String topic, Payload params) {
      return switch (topic) {
        case "game:closed" -> JoinResult.refuse(Payload.of(Map.of("reason", "closed")));
        case "game:broken" -> throw new IllegalStateException("no such pitch");
        default -> JoinResult.ok(Payload.of(Map.of("points", points, "params", params.json())));
      };
    }

    @Override
    protected Set<String> intercepts() {
      return Set.of("whistle");
    }

    @Override
    protected Answer handleIn(String event, Payload payload) {
      switch (event) {
        case "point" -> {
          points += payload.json().path("worth").asInt(1);
          broadcast("scored", Payload.of(new Score(points, List.of("a", "b"))));
          return Answer.ok(Payload.of(Map.of("points", points)));
        }
        case "others" -> broadcastFrom("seen", payload);
        case "later" -> {
          ReplyRef ref = replyRef();
          var _ = sendAfter(Duration.ofSeconds(30), ref);
        }
        case "bytes" -> {
          return Answer.ok(payload);
        }
        case "end" -> {
          return Answer.stop(ExitReason.NORMAL);
        }
        default -> throw new IllegalArgumentException("no such event: " + event);
      }
      return Answer.none();
    }

    @Override
    protected void handleInfo(Object message) {
      switch (message) {
        case ReplyRef ref -> ref.ok(Payload.of(Map.of("late", true)));
        case Tick(int number) -> push("tick", Payload.of(Map.of("number", number)));
        default -> {}
      }
    }

    @Override
    protected void handleOut(String event, Payload payload) {}
  }

  private static Endpoint endpoint(Node node) {
    return Endpoint.builder(node, new PubSub(node))
        .channel("game:*", GameChannel::new)
        .connect(TestSocketTest::connect)
        .build();
  }

  private static Connect connect(ConnectInfo info) {
    return switch (String.valueOf(info.param("user"))) {
      case "stranger" -> Connect.refuse();
      case "slow" -> Connect.later(CompletableFuture.completedFuture(Connect.accept()));
      case "null" -> Connect.accept();
      case String user -> Connect.accept("user:" + user, Map.of());
    };
  }

  private static void play(Endpoint endpoint) {
    try (TestSocket socket = TestSocket.connect(endpoint, Map.of("user", "ada"));
        TestSocket other = TestSocket.connect(endpoint, Map.of("user", "slow"))) {
      TestChannel game = socket.subscribeAndJoin("game:1", Map.of("seat", 7));
      TestChannel watching = other.subscribeAndJoin("game:1");
      assertThat(game.response().json().at("/params/seat").asInt()).isEqualTo(7);

      TestPush point = game.push("point", Map.of("worth", 2));
      game.push("point").assertReply("ok", Map.of("points", 3));
      point.assertReply("ok", Map.of("points", 2));
      game.assertPush("scored", Map.of("points", 3));
      game.assertPush("scored", Map.of("points", 2, "by", List.of("a", "b")));
      watching.assertPush("scored", Map.of("points", 2));
      watching.assertPush("scored", Map.of("points", 3));
      game.assertBroadcast("scored", Map.of("points", 3));

      game.push("others", Map.of("x", 1)).refuteReply();
      watching.assertPush("seen");
      game.refutePush("seen");

      game.broadcastFrom("whistle", Map.of());
      game.broadcastFrom("news", Map.of("half", 2));
      game.assertPush("news", Map.of("half", 2));
      game.refutePush("whistle");
      game.refuteBroadcast("news");
      watching.assertBroadcast("whistle");

      game.send(new Tick(5));
      game.assertPush("tick", Map.of("number", 5));
      Payload bytes = Payload.binary(new byte[] {1, 2, 3});
      assertThat(game.push("bytes", bytes).assertReply("ok")).isEqualTo(bytes);

      assertThat(socket.assertJoinRefused("game:closed", Map.of()).json().get("reason").asText())
          .isEqualTo("closed");
      watching.push("end");
      watching.assertClosed();
      game.leave().assertReply("ok");
      game.assertClosed();
    }
  }

  @Test
  void kit_everyAssertion_holdsInVirtualTime() {
    Seeds.times(
        20,
        seed -> {
          Node node = Node.on(new DeterministicScheduler(seed));
          play(endpoint(node));
        });
  }

  @Test
  void kit_everyAssertion_holdsOnEventLoops() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (VertxScheduler scheduler = new VertxScheduler(vertx);
        Node node = Node.on(scheduler)) {
      play(endpoint(node));
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void kit_longWaits_passInVirtualTime() {
    Node node = Node.on(new DeterministicScheduler());
    try (TestSocket socket = TestSocket.connect(endpoint(node))) {
      TestChannel game = socket.subscribeAndJoin("game:1");
      TestPush late = game.push("later");
      late.refuteReply();
      socket.patience(Duration.ofSeconds(31), Duration.ofMillis(1));
      late.assertReply("ok", Map.of("late", true));
    }
  }

  @Test
  void connect_refused_saysSo() {
    Endpoint endpoint = endpoint(Node.on(new DeterministicScheduler()));
    TestSocket.assertRefused(endpoint, Map.of("user", "stranger"));
    assertThatThrownBy(() -> TestSocket.connect(endpoint, Map.of("user", "stranger")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("expected the endpoint to accept")
        .hasMessageContaining("user=stranger");
    assertThatThrownBy(() -> TestSocket.assertRefused(endpoint, Map.of()))
        .hasMessageContaining("it accepted");
  }

  @Test
  void socket_disconnectedByTheServer_isClosedWithItsCode() {
    Endpoint endpoint = endpoint(Node.on(new DeterministicScheduler()));
    try (TestSocket socket = TestSocket.connect(endpoint, Map.of("user", "ada"))) {
      assertThatThrownBy(socket::assertDisconnected).hasMessageContaining("close the socket");
      endpoint.disconnect("user:ada");
      assertThat(socket.assertDisconnected()).isEqualTo(1001);
    }
  }

  @Test
  void failure_otherPayload_showsWhereItDiffers() {
    Node node = Node.on(new DeterministicScheduler(42));
    try (TestSocket socket = TestSocket.connect(endpoint(node))) {
      TestChannel game = socket.subscribeAndJoin("game:1");
      TestPush point = game.push("point");
      assertThatThrownBy(() -> game.assertPush("scored", Map.of("by", List.of("a", "c"))))
          .isInstanceOf(AssertionError.class)
          .hasMessage(
              """
              expected game:1 to push "scored" {"by":["a","c"]} within PT1S; received instead:
                game:1: broadcast "scored" {"points":1,"by":["a","b"]}
                  expected payload.by[1] to be "c", got "b"
                game:1: reply 2 ok {"points":1}
                seed 42\
              """);
      assertThatThrownBy(() -> point.assertReply("error"))
          .hasMessageContaining("expected the reply \"error\" to \"point\" (2) on game:1")
          .hasMessageContaining("reply 2 ok {\"points\":1}");
      assertThatThrownBy(() -> game.assertPush("scored", Map.of("score", 1)))
          .hasMessageContaining("expected payload.score to be 1, got no such field");
      assertThatThrownBy(() -> game.refutePush("scored"))
          .hasMessageContaining("got game:1: broadcast \"scored\"");
      assertThatThrownBy(() -> game.assertBroadcast("scored", Map.of("points", 9)))
          .hasMessageContaining("expected payload.points to be 9, got 1");
      assertThatThrownBy(point::refuteReply).hasMessageContaining("expected no reply");
      assertThatThrownBy(() -> game.assertPush("nothing")).hasMessageContaining("seed 42");
    }
  }

  @Test
  void failure_crashedChannel_showsTheCrash() {
    Node node = Node.on(new DeterministicScheduler());
    try (TestSocket socket = TestSocket.connect(endpoint(node))) {
      TestChannel game = socket.subscribeAndJoin("game:1");
      TestPush unknown = game.push("dance");
      assertThatThrownBy(() -> unknown.assertReply("ok"))
          .hasMessageContaining("push \"phx_error\"")
          .hasMessageContaining("no such event: dance")
          .hasRootCauseInstanceOf(IllegalArgumentException.class);
      game.assertCrashed();
      assertThatThrownBy(game::pid).hasMessageContaining("expected game:1 to be joined");
      assertThatThrownBy(() -> socket.subscribeAndJoin("game:broken"))
          .hasMessageContaining("join crashed")
          .hasRootCauseMessage("no such pitch");
    }
  }
}

package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.pubsub.Retention;
import dev.athanor.otp.channels.testing.TestChannel;
import dev.athanor.otp.channels.testing.TestSocket;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.testing.DeterministicScheduler;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What comes between a join that is decided later and its decision: in order, bounded, and told
/// only as long as the channel lives.
class LateJoinTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler();
  private final Node node = Node.on(scheduler);
  private final PubSub pubSub =
      new PubSub(node).keep("late:kept", new Retention(10, Duration.ofHours(1)));
  private final List<String> handled = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private CompletableFuture<JoinResult> decision = new CompletableFuture<>();
  private @Nullable Integer closed;

  private final class LateChannel extends Channel {
    @Override
    protected JoinResult onJoin(String topic, Payload params) {
      return JoinResult.later(decision);
    }

    @Override
    protected Answer handleIn(String event, Payload payload) {
      handled.add(event);
      switch (event) {
        case "stop" -> {
          return Answer.stop(ExitReason.SHUTDOWN, Answer.ok());
        }
        case "halt" -> stop(ExitReason.SHUTDOWN);
        case "shout" -> broadcast("shouted", Payload.EMPTY);
        default -> {}
      }
      return Answer.none();
    }

    @Override
    protected void handleInfo(Object message) {
      handled.add("info");
    }
  }

  private Loopback connect(Limits limits) {
    Endpoint endpoint =
        Endpoint.builder(node, pubSub).channel("late:*", LateChannel::new).limits(limits).build();
    ConnectInfo info =
        new ConnectInfo(
            "/socket/websocket",
            MultiMap.caseInsensitiveMultiMap().add("vsn", "2.0.0"),
            MultiMap.caseInsensitiveMultiMap(),
            null,
            "here");
    return Objects.requireNonNull(
        scheduler.await(
            Loopback.open(
                endpoint,
                info,
                new Loopback.Ear() {
                  @Override
                  public void onFrame(byte[] frame, boolean binary) {
                    heard.add(new String(frame, StandardCharsets.UTF_8));
                  }

                  @Override
                  public void onClosed(int code) {
                    closed = code;
                  }
                })));
  }

  private void say(Loopback client, String topic, String event, String payload) {
    client.send("[\"1\",\"1\",\"%s\",\"%s\",%s]".formatted(topic, event, payload));
    scheduler.runUntilIdle();
  }

  private void decide(JoinResult result) {
    decision.complete(result);
    scheduler.runUntilIdle();
  }

  private List<String> events() {
    return heard.stream()
        .map(line -> line.replaceAll("^\\[[^,]*,([^,]*),\"[^\"]*\",\"([^\"]*)\".*", "$1 $2"))
        .toList();
  }

  @Test
  void stop_amongWhatWaited_endsItThere() {
    for (String stop : List.of("stop", "halt")) {
      handled.clear();
      decision = new CompletableFuture<>();
      Loopback client = connect(Limits.DEFAULT);
      say(client, "late:1", "phx_join", "{}");
      say(client, "late:1", "a", "{}");
      say(client, "late:1", stop, "{}");
      say(client, "late:1", "b", "{}");
      decide(JoinResult.ok());
      assertThat(handled).containsExactly("a", stop);
      assertThat(heard.getLast()).contains("phx_close");
    }
  }

  @Test
  void broadcasts_thatWaitedAndThoseOfTheirHandlers_keepTheirOrder() {
    Loopback client = connect(Limits.DEFAULT);
    say(client, "late:1", "phx_join", "{}");
    say(client, "late:1", "shout", "{}");
    pubSub.broadcast("late:1", "second", Payload.EMPTY);
    scheduler.runUntilIdle();
    decide(JoinResult.ok());
    pubSub.broadcast("late:1", "live", Payload.EMPTY);
    scheduler.runUntilIdle();
    assertThat(events())
        .containsExactly("\"1\" phx_reply", "null second", "null shouted", "null live");
  }

  @Test
  void kept_eventsAroundTheDecision_comeOnceWithTheirNumbers() {
    String epoch = Objects.requireNonNull(pubSub.missed("late:kept", null, 0)).epoch();
    pubSub.broadcast("late:kept", "one", Payload.EMPTY);
    Loopback client = connect(Limits.DEFAULT);
    say(client, "late:kept", "phx_join", "{\"resume\":{\"epoch\":\"" + epoch + "\",\"offset\":0}}");
    pubSub.broadcast("late:kept", "two", Payload.EMPTY);
    scheduler.runUntilIdle();
    say(client, "late:kept", "shout", "{}");
    decide(JoinResult.ok());
    pubSub.broadcast("late:kept", "four", Payload.EMPTY);
    scheduler.runUntilIdle();
    assertThat(events())
        .containsExactly(
            "\"1\" phx_reply",
            "null resume_state",
            "\"@1\" one",
            "\"@2\" two",
            "\"@3\" shouted",
            "\"@4\" four");
    assertThat(heard.get(1)).contains("\"recovered\":true");
  }

  @Test
  void waiting_moreThanMayWaitForAReader_refusesTheJoin() {
    Loopback client = connect(Limits.DEFAULT.withMaxOutbound(10_000));
    say(client, "late:1", "phx_join", "{}");
    for (int i = 0; i < 8; i++) {
      say(client, "late:1", "a", "\"" + "x".repeat(1_000) + "\"");
    }
    assertThat(heard).isEmpty();
    say(client, "late:1", "a", "\"" + "x".repeat(1_000) + "\"");
    assertThat(heard)
        .singleElement()
        .asString()
        .contains("\"status\":\"error\"", "too much waits for the join");
    assertThat(node.processCount()).isZero();
    assertThat(closed).isNull();
    decide(JoinResult.ok());
    assertThat(heard).hasSize(1);
    assertThat(handled).isEmpty();
    // The connection goes on, with nothing held against it.
    say(client, "late:2", "phx_join", "{}");
    assertThat(heard.getLast()).contains("late:2", "\"status\":\"ok\"");
  }

  @Test
  void waiting_endlessSmallMessagesOrBroadcasts_refusesTheJoin() {
    Loopback client = connect(Limits.DEFAULT.withMaxOutbound(10_000));
    say(client, "late:1", "phx_join", "{}");
    for (int i = 0; i < 120; i++) {
      client.send("[\"1\",\"1\",\"late:1\",\"a\",0]");
    }
    scheduler.runUntilIdle();
    assertThat(heard).anyMatch(line -> line.contains("too much waits for the join"));
    heard.clear();
    say(client, "late:3", "phx_join", "{}");
    for (int i = 0; i < 120; i++) {
      pubSub.broadcast("late:3", "b", Payload.EMPTY);
    }
    scheduler.runUntilIdle();
    assertThat(heard).singleElement().asString().contains("too much waits for the join");
  }

  @Test
  void decision_thatDoesNotCome_refusesTheJoin() {
    Loopback client = connect(Limits.DEFAULT.withIdleTimeout(Duration.ofSeconds(60)));
    say(client, "late:1", "phx_join", "{}");
    for (int second = 0; second < 59; second++) {
      scheduler.advance(Duration.ofSeconds(1));
      say(client, "phoenix", "heartbeat", "{}");
      heard.clear();
    }
    assertThat(node.processCount()).isEqualTo(1);
    scheduler.advance(Duration.ofSeconds(17));
    assertThat(heard)
        .singleElement()
        .asString()
        .contains("\"status\":\"error\"", "join not decided in time");
    assertThat(node.processCount()).isZero();
    assertThat(closed).isNull();
  }

  /// Keeps a reference in one message, wants another where there is none.
  private static final class AskingChannel extends Channel {
    @Override
    protected JoinResult onJoin(String topic, Payload params) {
      return JoinResult.ok();
    }

    @Override
    protected Answer handleIn(String event, Payload payload) {
      if (event.equals("await")) {
        await(CompletableFuture.completedFuture(1), (value, failure) -> replyRef());
      }
      return Answer.none();
    }

    @Override
    protected void handleInfo(Object message) {
      replyRef().ok(Payload.EMPTY);
    }
  }

  @Test
  void replyRef_whereNoMessageIsHandled_saysSo() {
    Endpoint endpoint =
        Endpoint.builder(node, pubSub).channel("asking", AskingChannel::new).build();
    for (boolean info : new boolean[] {true, false}) {
      try (TestSocket socket = TestSocket.connect(endpoint)) {
        TestChannel channel = socket.subscribeAndJoin("asking");
        channel.push("nothing").refuteReply();
        if (info) {
          channel.send("now");
        } else {
          channel.push("await", Map.of());
        }
        channel.assertCrashed();
        assertThatThrownBy(() -> channel.assertPush("x"))
            .hasMessageContaining("expected replyRef() to be called while a message");
      }
    }
  }
}

package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.athanor.otp.channels.longpoll.LongPolling;
import dev.athanor.otp.channels.pubsub.Retention;
import dev.athanor.otp.channels.wire.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Clients that come back to a topic that is kept, over the wire.
class ResumeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        new DemoServer(
            builder ->
                builder
                    .longPoll(LongPolling.DEFAULT)
                    .channel("kept:*", KeptChannel::new)
                    .limits(Limits.DEFAULT));
    server.listenOnAnotherLoop();
    server.pubSub.keep("kept:small*", new Retention(3, Duration.ofHours(1)));
    server.pubSub.keep("kept:*", new Retention(100_000, Duration.ofHours(1)));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /// Answers a join with whether its client has all it missed; intercepts one event on one topic.
  private static final class KeptChannel extends Channel {
    @Override
    protected JoinResult onJoin(String topic, Payload params) {
      return JoinResult.ok(Payload.of(recovered()));
    }

    @Override
    protected java.util.Set<String> intercepts() {
      return topic().startsWith("kept:intercepted")
          ? java.util.Set.of("secret")
          : super.intercepts();
    }

    @Override
    protected void handleOut(String event, Payload payload) {
      push("opened", payload);
    }
  }

  private static String join(String topic, String resume) {
    return "[\"1\",\"1\",\"" + topic + "\",\"phx_join\",{\"resume\":" + resume + "}]";
  }

  private static void shout(String topic, String event, int number) {
    server.pubSub.broadcast(topic, event, Payload.of(number));
  }

  /// Reads the answer to a join and the state after it.
  private static JsonNode state(RawClient client, String topic, boolean recovered)
      throws Exception {
    assertThat(client.read())
        .isEqualTo(
            "[\"1\",\"1\",\"%s\",\"phx_reply\",{\"status\":\"ok\",\"response\":%s}]"
                .formatted(topic, recovered));
    JsonNode line = JSON.readTree(client.read());
    assertThat(line.get(3).asText()).isEqualTo("resume_state");
    assertThat(line.get(4).get("recovered").asBoolean()).isEqualTo(recovered);
    return line.get(4);
  }

  private static String at(JsonNode state, long offset) {
    return "{\"epoch\":\"" + state.get("epoch").asText() + "\",\"offset\":" + offset + "}";
  }

  private static String event(String topic, long offset, String event, int number) {
    return "[null,\"@%d\",\"%s\",\"%s\",%d]".formatted(offset, topic, event, number);
  }

  @Test
  void client_comingBack_getsWhatItMissed() throws Exception {
    String topic = "kept:back";
    JsonNode state;
    try (RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      state = state(client.text(join(topic, "true")).send(), topic, false);
      assertThat(state.get("offset").asLong()).isZero();
      shout(topic, "n", 1);
      assertThat(client.read()).isEqualTo(event(topic, 1, "n", 1));
    }
    shout(topic, "n", 2);
    shout(topic, "n", 3);
    try (RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      JsonNode again = state(client.text(join(topic, at(state, 1))).send(), topic, true);
      assertThat(again.get("offset").asLong()).isEqualTo(1);
      assertThat(client.read()).isEqualTo(event(topic, 2, "n", 2));
      assertThat(client.read()).isEqualTo(event(topic, 3, "n", 3));
      shout(topic, "n", 4);
      assertThat(client.read()).isEqualTo(event(topic, 4, "n", 4));
    }
  }

  @Test
  void client_thatMissedTooMuch_isToldSo() throws Exception {
    String topic = "kept:small";
    try (RawClient first = new RawClient(server.port(), "vsn=2.0.0")) {
      JsonNode state = state(first.text(join(topic, "{}")).send(), topic, false);
      for (int i = 1; i <= 5; i++) {
        shout(topic, "n", i);
      }
      try (RawClient late = new RawClient(server.port(), "vsn=2.0.0")) {
        JsonNode now = state(late.text(join(topic, at(state, 1))).send(), topic, false);
        assertThat(now.get("offset").asLong()).isEqualTo(5);
        shout(topic, "n", 6);
        assertThat(late.read()).isEqualTo(event(topic, 6, "n", 6));
      }
    }
  }

  @Test
  void client_thatDoesNotAsk_seesPhoenixsOwnBytes() throws Exception {
    String topic = "kept:plain";
    try (RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      client.text("[\"1\",\"1\",\"" + topic + "\",\"phx_join\",{\"resume\":false}]").send();
      assertThat(client.read()).contains("\"response\":false");
      shout(topic, "n", 1);
      assertThat(client.read()).isEqualTo("[null,null,\"" + topic + "\",\"n\",1]");
    }
  }

  @Test
  void topic_thatIsNotKept_ignoresTheWish() throws Exception {
    try (RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      client.text(join("room:loose", "true")).send();
      assertThat(client.read()).contains("\"status\":\"ok\"");
      shout("room:loose", "n", 1);
      assertThat(client.read()).isEqualTo("[null,null,\"room:loose\",\"n\",1]");
    }
  }

  @Test
  void intercepted_amongOthers_keepTheirOrderAndNumber() throws Exception {
    String topic = "kept:intercepted";
    JsonNode state;
    try (RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      state = state(client.text(join(topic, "true")).send(), topic, false);
      shout(topic, "n", 1);
      shout(topic, "secret", 2);
      shout(topic, "n", 3);
      assertThat(client.read()).isEqualTo(event(topic, 1, "n", 1));
      assertThat(client.read())
          .isEqualTo(event(topic, 2, "opened", 2).replaceFirst("null", "\"1\""));
      assertThat(client.read()).isEqualTo(event(topic, 3, "n", 3));
    }
    try (RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
      state(client.text(join(topic, at(state, 1))).send(), topic, true);
      assertThat(client.read())
          .isEqualTo(event(topic, 2, "opened", 2).replaceFirst("null", "\"1\""));
      assertThat(client.read()).isEqualTo(event(topic, 3, "n", 3));
    }
  }

  @Test
  void pollingClient_comingBack_getsWhatItMissed() throws Exception {
    String topic = "kept:polled";
    String epoch = server.pubSub.missed(topic, null, 0).epoch();
    shout(topic, "n", 1);
    try (LongPollClient client = LongPollClient.open(server.port(), "vsn=2.0.0")) {
      client.post(join(topic, "{\"epoch\":\"" + epoch + "\",\"offset\":0}"));
      List<String> messages = new ArrayList<>();
      while (messages.size() < 3) {
        messages.addAll(client.poll().messages());
      }
      assertThat(messages.get(2)).isEqualTo(event(topic, 1, "n", 1));
    }
  }

  @Test
  void clients_cutOffAgainAndAgain_getEachEventOnceInOrder() throws Exception {
    String topic = "kept:busy";
    String epoch = server.pubSub.missed(topic, null, 0).epoch();
    int total = 6_000;
    List<CompletableFuture<List<Long>>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int patience = 1 + i * 40;
      CompletableFuture<List<Long>> reader = new CompletableFuture<>();
      Thread.startVirtualThread(
          () -> {
            try {
              reader.complete(read(topic, epoch, total, patience));
            } catch (Exception | AssertionError failure) {
              reader.completeExceptionally(failure);
            }
          });
      readers.add(reader);
    }
    List<Thread> shouters = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      shouters.add(
          Thread.startVirtualThread(
              () -> {
                for (int n = 0; n < total / 2; n++) {
                  shout(topic, "n", n);
                  if (n % 50 == 0) {
                    java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
                  }
                }
              }));
    }
    for (Thread shouter : shouters) {
      shouter.join();
    }
    for (CompletableFuture<List<Long>> reader : readers) {
      List<Long> offsets = reader.get(60, TimeUnit.SECONDS);
      for (int i = 0; i < total; i++) {
        assertThat(offsets.get(i)).isEqualTo(i + 1L);
      }
    }
  }

  /// Joins, takes some events, hangs up without a word, joins again.
  private static List<Long> read(String topic, String epoch, int total, int patience)
      throws Exception {
    List<Long> offsets = new ArrayList<>();
    while (offsets.size() < total) {
      try (RawClient client = new RawClient(server.port(), "vsn=2.0.0")) {
        int had = offsets.size();
        client.text(join(topic, "{\"epoch\":\"" + epoch + "\",\"offset\":" + had + "}")).send();
        JsonNode state = state(client, topic, true);
        assertThat(state.get("offset").asLong()).isEqualTo(had);
        int most = Math.min(total - had, patience + had / 8);
        for (int i = 0; i < most; i++) {
          String ref = JSON.readTree(client.read()).get(1).asText();
          offsets.add(Long.parseLong(ref.substring(1)));
        }
      }
    }
    return offsets;
  }
}

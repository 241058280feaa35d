package dev.athanor.otp.channels.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.channels.Channel;
import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.testing.TestChannel;
import dev.athanor.otp.channels.testing.TestSocket;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.vertx.VertxScheduler;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Topics that are kept: what comes back, and that it comes once.
class HistoryTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler();
  private final Node node = Node.on(scheduler);
  private final PubSub pubSub =
      new PubSub(node).keep("kept:*", new Retention(3, Duration.ofMinutes(5)));

  private void broadcast(String topic, int... numbers) {
    for (int number : numbers) {
      pubSub.broadcast(topic, "n", Payload.of(number));
    }
  }

  private static List<Integer> numbers(Missed missed) {
    return missed.events().stream().map(event -> event.payload().json().asInt()).toList();
  }

  @Test
  void missed_withinBounds_isRecovered() {
    String epoch = pubSub.missed("kept:a", null, 0).epoch();
    broadcast("kept:a", 1, 2, 3);
    Missed missed = pubSub.missed("kept:a", epoch, 1);
    assertThat(missed.recovered()).isTrue();
    assertThat(numbers(missed)).containsExactly(2, 3);
    assertThat(missed.offset()).isEqualTo(3);
    assertThat(missed.from()).isEqualTo(1);
    assertThat(numbers(pubSub.missed("kept:a", epoch, 0))).containsExactly(1, 2, 3);
    assertThat(pubSub.missed("kept:a", epoch, 3).recovered()).isTrue();
  }

  @Test
  void missed_moreThanIsKept_isLost() {
    String epoch = pubSub.missed("kept:a", null, 0).epoch();
    broadcast("kept:a", 1, 2, 3, 4, 5);
    Missed missed = pubSub.missed("kept:a", epoch, 1);
    assertThat(missed.recovered()).isFalse();
    assertThat(missed.events()).isEmpty();
    assertThat(missed.from()).isEqualTo(5);
    assertThat(numbers(pubSub.missed("kept:a", epoch, 2))).containsExactly(3, 4, 5);
  }

  @Test
  void missed_ofAnotherEpochOrTheFuture_isLost() {
    broadcast("kept:a", 1);
    String epoch = pubSub.missed("kept:a", null, 0).epoch();
    assertThat(pubSub.missed("kept:a", "other", 0).recovered()).isFalse();
    assertThat(pubSub.missed("kept:a", null, 0).recovered()).isFalse();
    assertThat(pubSub.missed("kept:a", epoch, 2).recovered()).isFalse();
  }

  @Test
  void missed_olderThanIsKept_isLost() {
    broadcast("kept:a", 1);
    String epoch = pubSub.missed("kept:a", null, 0).epoch();
    scheduler.advance(Duration.ofMinutes(3));
    broadcast("kept:a", 2);
    scheduler.advance(Duration.ofMinutes(3));
    assertThat(pubSub.missed("kept:a", epoch, 0).recovered()).isFalse();
    assertThat(numbers(pubSub.missed("kept:a", epoch, 1))).containsExactly(2);
  }

  @Test
  void history_withoutEventsAndSubscribers_isDropped() {
    broadcast("kept:a", 1);
    String epoch = pubSub.missed("kept:a", null, 0).epoch();
    assertThat(pubSub.histories()).isEqualTo(1);
    scheduler.advance(Duration.ofMinutes(11));
    assertThat(pubSub.histories()).isZero();
    assertThat(pubSub.missed("kept:a", epoch, 1).epoch()).isNotEqualTo(epoch);
  }

  @Test
  void history_ofAMinute_isNotKeptAsLongAsAnotherOfADay() {
    pubSub.keep("day:*", new Retention(3, Duration.ofDays(1)));
    pubSub.keep("minute:*", new Retention(3, Duration.ofMinutes(1)));
    broadcast("day:a", 1);
    broadcast("minute:a", 1);
    scheduler.advance(Duration.ofMinutes(3));
    assertThat(pubSub.histories()).isEqualTo(1);
    scheduler.advance(Duration.ofDays(3));
    assertThat(pubSub.histories()).isZero();
  }

  /// Refuses topics that end in `no`, after a look at whether its client has missed something.
  private static final class Doorkeeper extends Channel {
    @Override
    protected JoinResult onJoin(String topic, Payload params) {
      boolean recovered = recovered();
      return topic.endsWith("no")
          ? JoinResult.refuse(Payload.EMPTY)
          : JoinResult.ok(Payload.of(recovered));
    }
  }

  @Test
  void history_ofATopicSomebodyNamesOnly_isNotMade() {
    Endpoint endpoint = Endpoint.builder(node, pubSub).channel("kept:*", Doorkeeper::new).build();
    Map<String, Object> wish = Map.of("resume", Map.of("epoch", "made up", "offset", 1));
    try (TestSocket socket = TestSocket.connect(endpoint)) {
      for (int i = 0; i < 5; i++) {
        socket.assertJoinRefused("kept:" + i + "no", wish);
      }
      assertThat(pubSub.histories()).isZero();
      TestChannel channel = socket.subscribeAndJoin("kept:yes", wish);
      assertThat(channel.response().json().asBoolean()).isFalse();
      channel.assertPush("resume_state", Map.of("recovered", false, "offset", 0));
      assertThat(pubSub.histories()).isEqualTo(1);
    }
  }

  @Test
  void history_withASubscriber_keepsItsEpoch() {
    Lane lane = scheduler.lane(Kind.EVENT_LOOP);
    lane.execute(() -> pubSub.subscribe("kept:a", lane, delivery -> {}, null));
    scheduler.runUntilIdle();
    String epoch = pubSub.missed("kept:a", null, 0).epoch();
    scheduler.advance(Duration.ofHours(1));
    assertThat(pubSub.missed("kept:a", null, 0).epoch()).isEqualTo(epoch);
  }

  @Test
  void topic_thatIsNotKept_hasNoNumbers() {
    assertThat(pubSub.isKept("other")).isFalse();
    assertThat(pubSub.missed("other", null, 0)).isNull();
  }

  @Test
  void bytes_onAKeptTopic_areRefused() {
    assertThatThrownBy(() -> pubSub.broadcast("kept:a", "n", Payload.binary(new byte[2])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected JSON on 'kept:a'");
    assertThatThrownBy(() -> new Retention(0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a size of at least 1, got 0");
    assertThatThrownBy(() -> pubSub.keep("a*b", new Retention(1, Duration.ofSeconds(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got 'a*b'");
  }

  /// One who comes and goes on a lane of its own, and notes the offset of everything it gets.
  private static final class Reader {
    final List<Long> got = new ArrayList<>();
    long last;
  }

  @Test
  void readers_comingAndGoingAmongBroadcasters_getEachEventOnceInOrder() throws Exception {
    Vertx vertx = Vertx.vertx();
    VertxScheduler real = new VertxScheduler(vertx);
    Node realNode = Node.on(real);
    PubSub hot = new PubSub(realNode).keep("hot", new Retention(100_000, Duration.ofHours(1)));
    String epoch = hot.missed("hot", null, 0).epoch();
    int broadcasters = 3;
    int each = 4_000;
    AtomicBoolean over = new AtomicBoolean();
    List<Reader> readers = new ArrayList<>();
    CountDownLatch left = new CountDownLatch(6);
    try {
      for (int i = 0; i < 6; i++) {
        Reader reader = new Reader();
        readers.add(reader);
        Lane lane = real.lane(Kind.EVENT_LOOP);
        lane.execute(() -> visit(hot, epoch, lane, reader, over, left));
      }
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int i = 0; i < broadcasters; i++) {
        Runnable shout =
            () -> {
              for (int n = 0; n < each; n++) {
                hot.broadcast("hot", "n", Payload.EMPTY);
              }
            };
        if (i == 0) { // one of them on an event loop, whose own readers are served at once
          CompletableFuture<Void> done = new CompletableFuture<>();
          shoutInTurns(hot, real.lane(Kind.EVENT_LOOP), each, done);
          all.add(done);
        } else {
          all.add(CompletableFuture.runAsync(shout));
        }
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
      over.set(true);
      assertThat(left.await(30, TimeUnit.SECONDS)).isTrue();
      long total = (long) broadcasters * each;
      for (Reader reader : readers) {
        assertThat(reader.got).hasSize((int) total);
        for (int i = 0; i < total; i++) {
          assertThat(reader.got.get(i)).isEqualTo(i + 1L);
        }
      }
      Awaitility.await().until(() -> hot.subscribers("hot") == 0);
    } finally {
      realNode.close();
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
      real.close();
    }
  }

  private static void shoutInTurns(PubSub hot, Lane lane, int left, CompletableFuture<Void> done) {
    lane.execute(
        () -> {
          int now = Math.min(7, left);
          for (int n = 0; n < now; n++) {
            hot.broadcast("hot", "n", Payload.EMPTY);
          }
          if (left > now) {
            shoutInTurns(hot, lane, left - now, done);
          } else {
            done.complete(null);
          }
        });
  }

  /// Subscribes, takes what was missed, listens for a turn or two, leaves, comes again.
  private static void visit(
      PubSub hot, String epoch, Lane lane, Reader reader, AtomicBoolean over, CountDownLatch left) {
    boolean lastTime = over.get();
    long[] watermark = {Long.MAX_VALUE};
    Subscription subscription =
        hot.subscribe(
            "hot",
            lane,
            delivery -> {
              if (delivery.offset() > watermark[0]) {
                reader.got.add(delivery.offset());
                reader.last = delivery.offset();
              }
            },
            null);
    Missed missed = hot.missed("hot", epoch, reader.last);
    assertThat(missed.recovered()).isTrue();
    for (long offset = missed.from() + 1; offset <= missed.offset(); offset++) {
      reader.got.add(offset);
    }
    reader.last = missed.offset();
    watermark[0] = missed.offset();
    lane.execute(
        () ->
            lane.execute(
                () -> {
                  subscription.cancel();
                  if (lastTime) {
                    left.countDown();
                  } else {
                    lane.execute(() -> visit(hot, epoch, lane, reader, over, left));
                  }
                }));
  }
}

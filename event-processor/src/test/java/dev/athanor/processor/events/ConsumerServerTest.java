package dev.athanor.processor.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.outbox.DeadEvent;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.processor.events.ConsumerMessage.Verdict;
import dev.athanor.processor.retry.Backoff;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerServerTest {

  /// Remembers what had its effect, once per event, as the database would; fails on demand.
  private static final class Recorder implements EventConsumer {
    final Set<UUID> seen = new HashSet<>();
    final List<DomainEvent> effects = new ArrayList<>();
    final Set<String> broken = new HashSet<>();
    final List<Integer> batches = new ArrayList<>();
    Random flaky;
    boolean silent;
    boolean surroundings;
    boolean hopeless;

    @Override
    public String name() {
      return "recorder";
    }

    @Override
    public boolean wants(String type) {
      return true;
    }

    private RuntimeException poison() {
      IllegalStateException cause = new IllegalStateException("poison");
      return hopeless ? new DeadEvent("no hope", cause) : cause;
    }

    @Override
    public Uni<Void> apply(List<DomainEvent> batch) {
      if (silent) {
        return Uni.createFrom().nothing();
      }
      if (batch.stream().anyMatch(event -> broken.contains(event.key()))) {
        throw surroundings ? new UncheckedIOException(new IOException("away")) : poison();
      }
      boolean lostBefore = flaky != null && flaky.nextInt(4) == 0;
      if (!lostBefore) {
        batches.add(batch.size());
        batch.stream().filter(event -> seen.add(event.id())).forEach(effects::add);
      }
      boolean lostAfter = flaky != null && flaky.nextInt(4) == 0;
      return lostBefore || lostAfter
          ? Uni.createFrom().failure(new IOException("connection closed"))
          : Uni.createFrom().voidItem();
    }
  }

  private static final Duration PATIENCE = Duration.ofDays(1);

  /// Longer than eight attempts take: 100 ms doubling seven times.
  private static final Duration ALL_ATTEMPTS = Duration.ofSeconds(13);

  private final DeterministicScheduler scheduler = new DeterministicScheduler(7);
  private final Node node = Node.on(scheduler);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Recorder recorder = new Recorder();
  private long seq;

  @Test
  void consume_oneEvent_answersAfterTheEffect() {
    DomainEvent event = event("a");

    assertThat(scheduler.await(consume(start(), event))).isEqualTo(Verdict.Done.YES);
    assertThat(recorder.effects).containsExactly(event);
    assertThat(meters.counter("athanor.events.processed", "consumer", "recorder").count())
        .isEqualTo(1);
  }

  @Test
  void consume_burst_isAppliedInFewBatches() {
    Pid<ConsumerMessage> server = start();
    List<CompletionStage<Verdict>> answers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      answers.add(consume(server, event("k" + i % 10)));
    }

    scheduler.runUntilIdle();
    assertThat(answers).allMatch(answer -> answer.toCompletableFuture().isDone());
    assertThat(recorder.effects).hasSize(1_000);
    assertThat(recorder.batches).hasSizeLessThan(20);
  }

  @Test
  void consume_databaseAway_waitsForItAndHoldsUpItsOwnKeyOnly() {
    Pid<ConsumerMessage> server = start();
    recorder.surroundings = true;
    recorder.broken.add("bad");
    CompletionStage<Verdict> bad = consume(server, event("bad"));
    CompletionStage<Verdict> behind = consume(server, event("bad"));
    CompletionStage<Verdict> good = consume(server, event("good"));

    scheduler.advance(Duration.ofMinutes(3));
    assertThat(good.toCompletableFuture()).isCompleted();
    assertThat(bad.toCompletableFuture()).isNotDone();
    assertThat(behind.toCompletableFuture()).isNotDone();
    assertThat(meters.counter("athanor.events.failures", "consumer", "recorder").count())
        .isBetween(10.0, 30.0);
    recorder.broken.clear();
    scheduler.advance(Duration.ofSeconds(15));
    assertThat(behind.toCompletableFuture()).isCompleted();
    assertThat(recorder.effects).extracting(DomainEvent::seq).containsExactly(3L, 1L, 2L);
  }

  @Test
  void consume_poison_isGivenUpAfterGrowingDelaysAndSaysWhy() {
    Pid<ConsumerMessage> server = start();
    recorder.broken.add("bad");
    CompletionStage<Verdict> bad = consume(server, event("bad"));
    CompletionStage<Verdict> good = consume(server, event("good"));

    scheduler.advance(Duration.ofSeconds(3));
    assertThat(good.toCompletableFuture()).isCompleted();
    assertThat(bad.toCompletableFuture()).isNotDone();
    scheduler.advance(ALL_ATTEMPTS);
    assertThat(scheduler.await(bad))
        .isInstanceOfSatisfying(
            Verdict.Dead.class,
            dead ->
                assertThat(dead.why())
                    .hasMessageContaining("recorder")
                    .hasMessageContaining("8 attempts")
                    .hasMessageContaining("poison"));
    assertThat(meters.counter("athanor.events.dead", "consumer", "recorder").count()).isEqualTo(1);
  }

  @Test
  void consume_keyFullOfPoison_isGivenUpOneAfterTheOtherAtOnceAndThenForgiven() {
    Pid<ConsumerMessage> server = start();
    recorder.broken.add("bad");
    List<CompletionStage<Verdict>> bad = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      bad.add(consume(server, event("bad")));
    }

    scheduler.advance(ALL_ATTEMPTS);
    assertThat(bad)
        .allSatisfy(
            each ->
                assertThat(each.toCompletableFuture().getNow(Verdict.Done.YES))
                    .isInstanceOf(Verdict.Dead.class));
    recorder.broken.clear();
    assertThat(scheduler.await(consume(server, event("bad")))).isEqualTo(Verdict.Done.YES);
  }

  @Test
  void consume_consumerSaysItIsHopeless_isGivenUpAtOnce() {
    Pid<ConsumerMessage> server = start();
    recorder.hopeless = true;
    recorder.broken.add("bad");

    assertThat(scheduler.await(consume(server, event("bad")))).isInstanceOf(Verdict.Dead.class);
  }

  @Test
  void line_processKilled_givesTheEventToItsSuccessor() {
    recorder.silent = true;
    ConsumerLine line = new ConsumerLine(node, "consumer.recorder");
    Pid<ConsumerMessage> first = start();
    CompletionStage<Verdict> done = line.deliver(event("a"));
    scheduler.runUntilIdle();
    node.exit(first, ExitReason.KILL);
    scheduler.advance(Duration.ofSeconds(1));
    CompletionStage<Verdict> later = line.deliver(event("a"));
    recorder.silent = false;
    start();

    scheduler.advance(Duration.ofSeconds(1));
    assertThat(done.toCompletableFuture()).isCompleted();
    assertThat(later.toCompletableFuture()).isCompleted();
    assertThat(recorder.effects).extracting(DomainEvent::seq).containsExactly(1L, 2L);
  }

  @Test
  void line_sameEventAgainWhileUnderWay_joinsTheFirst() {
    recorder.surroundings = true;
    recorder.broken.add("bad");
    start();
    ConsumerLine line = new ConsumerLine(node, "consumer.recorder");
    DomainEvent event = event("bad");
    CompletionStage<Verdict> first = line.deliver(event);
    scheduler.advance(Duration.ofMinutes(1));

    assertThat(line.deliver(event)).isSameAs(first);
    recorder.broken.clear();
    scheduler.advance(Duration.ofSeconds(15));
    assertThat(first.toCompletableFuture()).isCompleted();
    assertThat(line.deliver(event)).isNotSameAs(first);
  }

  @Test
  void intake_eventGivenUp_isRefusedAndTheOthersAcknowledged() {
    start();
    EventIntake intake = new EventIntake(new Consumers(List.of(recorder), node));
    recorder.broken.add("bad");
    List<String> answers = new ArrayList<>();
    intake.take(message(event("bad"), answers));
    intake.take(message(event("good"), answers));

    scheduler.advance(Duration.ofSeconds(3));
    assertThat(answers).containsExactly("ack good");
    scheduler.advance(ALL_ATTEMPTS);
    assertThat(answers).containsExactly("ack good", "nack bad");
  }

  @Test
  void intake_full_letsTheChannelWait() {
    recorder.silent = true;
    Pid<ConsumerMessage> server = start();
    EventIntake intake = new EventIntake(new Consumers(List.of(recorder), node));
    CompletionStage<Void> next = CompletableFuture.completedStage(null);
    for (int i = 0; i < EventIntake.MOST_IN_FLIGHT; i++) {
      assertThat(next.toCompletableFuture()).isCompleted();
      next = intake.take(message(event("k" + i), new ArrayList<>()));
    }

    assertThat(next.toCompletableFuture()).isNotDone();
    recorder.silent = false;
    node.exit(server, ExitReason.KILL);
    scheduler.advance(Duration.ofMillis(10));
    start();
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(next.toCompletableFuture()).isCompleted();
  }

  @Test
  void line_closed_givesWaitingEventsBack() {
    ConsumerLine line = new ConsumerLine(node, "consumer.recorder");
    CompletionStage<Verdict> waiting = line.deliver(event("a"));

    line.close();
    assertThat(waiting.toCompletableFuture()).isCompletedExceptionally();
    assertThat(line.deliver(event("a")).toCompletableFuture()).isCompletedExceptionally();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void line_anyFailuresAndKills_everyEffectOnceInOrder(long seed) {
    Random random = new Random(seed);
    recorder.flaky = random;
    ConsumerLine line = new ConsumerLine(node, "consumer.recorder");
    Pid<ConsumerMessage> server = start();
    Map<String, List<Long>> given = new HashMap<>();
    List<CompletionStage<Verdict>> answers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      DomainEvent event = event("k" + random.nextInt(12));
      given.computeIfAbsent(event.key(), _ -> new ArrayList<>()).add(event.seq());
      answers.add(line.deliver(event));
      if (random.nextInt(5) == 0) {
        scheduler.advance(Duration.ofMillis(random.nextInt(100)));
      }
      if (random.nextInt(25) == 0) {
        node.exit(server, ExitReason.KILL);
        scheduler.advance(Duration.ofMillis(random.nextInt(100)));
        server = start();
      }
    }
    recorder.flaky = null;
    scheduler.advance(Duration.ofMinutes(5));

    assertThat(answers).allMatch(answer -> answer.toCompletableFuture().isDone());
    Map<String, List<Long>> effects = new HashMap<>();
    recorder.effects.forEach(
        event -> effects.computeIfAbsent(event.key(), _ -> new ArrayList<>()).add(event.seq()));
    assertThat(effects).isEqualTo(given);
  }

  private Pid<ConsumerMessage> start() {
    return scheduler
        .await(
            GenServer.start(
                node,
                new ConsumerServer(
                    recorder, new EventMetrics(meters), Backoff.DATABASE, 8, new Random(1)),
                ServerOptions.named("consumer.recorder")))
        .orThrow();
  }

  private static CompletionStage<Verdict> consume(Pid<ConsumerMessage> server, DomainEvent event) {
    return GenServer.call(server, new ConsumerMessage.Consume(event), PATIENCE);
  }

  private static Message<DomainEvent> message(DomainEvent event, List<String> answers) {
    return Message.of(
        event,
        () -> {
          answers.add("ack " + event.key());
          return CompletableFuture.completedStage(null);
        },
        _ -> {
          answers.add("nack " + event.key());
          return CompletableFuture.completedStage(null);
        });
  }

  private DomainEvent event(String key) {
    seq++;
    return new DomainEvent(
        new UUID(0, seq), seq, DomainEvent.POST_PUBLISHED, key, "{}", List.of(), Instant.EPOCH);
  }
}

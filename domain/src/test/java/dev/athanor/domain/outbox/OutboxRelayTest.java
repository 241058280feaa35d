package dev.athanor.domain.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.domain.store.Store;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OutboxRelayTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Inject Outbox outbox;
  @Inject Store store;
  @Inject Node node;
  @Inject Pool pool;
  @Inject RecordingConsumers consumers;

  @Test
  void append_committed_reachesEveryConsumerAndIsMarked() {
    String key = key();

    append(key, "one").await().atMost(SOON);

    await().untilAsserted(() -> assertThat(payloads(consumers.slow(key))).containsExactly("one"));
    await().untilAsserted(() -> assertThat(payloads(consumers.quick(key))).containsExactly("one"));
    await().until(() -> unmarked(key) == 0);
  }

  @Test
  void append_rolledBack_isNeverHeardOf() {
    String key = key();

    Uni<Void> failing =
        store.write(
            unit ->
                outbox
                    .append(unit, "test", key, "ghost", List.of())
                    .chain(() -> Uni.createFrom().failure(new IllegalStateException("no"))));
    assertThat(failing.onFailure().recoverWithNull().await().atMost(SOON)).isNull();
    String after = key();
    append(after, "next").await().atMost(SOON);

    await().until(() -> unmarked(after) == 0);
    assertThat(consumers.quick(key)).isEmpty();
    assertThat(count("SELECT count(*) FROM outbox WHERE key = $1", key)).isZero();
  }

  @Test
  void deliver_oneConsumerStillAtIt_isNotMarked() {
    String key = key();
    consumers.hold(key);

    append(key, "one").await().atMost(SOON);

    await().until(() -> !consumers.quick(key).isEmpty() && !consumers.slow(key).isEmpty());
    assertThat(unmarked(key)).isOne();
    consumers.release(key);
    await().until(() -> unmarked(key) == 0);
    assertThat(consumers.slow(key)).hasSize(1);
  }

  @Test
  void deliver_refused_comesAgainInOrder() {
    String key = key();
    consumers.refuseOnce(key);

    append(key, "one").chain(() -> append(key, "two")).await().atMost(SOON);

    await().atMost(SOON).until(() -> unmarked(key) == 0);
    assertThat(payloads(distinct(consumers.slow(key)))).containsExactly("one", "two");
    assertThat(consumers.slow(key)).hasSizeGreaterThan(2);
  }

  @Test
  void relay_killedAgainAndAgain_losesNothingAndKeepsOrder() throws Exception {
    Map<String, List<String>> expected = new LinkedHashMap<>();
    List<Uni<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String key = key();
      List<String> payloads = new ArrayList<>();
      Uni<Void> writer = Uni.createFrom().voidItem();
      for (int n = 0; n < 40; n++) {
        String payload = "event " + n;
        payloads.add(payload);
        writer = writer.chain(() -> append(key, payload));
      }
      expected.put(key, payloads);
      writers.add(writer);
    }
    CompletableFuture<Void> writing =
        Uni.join().all(writers).andFailFast().replaceWithVoid().subscribeAsCompletionStage();
    int kills = 0;
    while (!writing.isDone() || kills < 3) {
      Pid<?> relay = relay();
      int before = consumers.all();
      await().until(() -> consumers.all() > before + 20 || writing.isDone());
      node.exit(relay, ExitReason.KILL);
      kills++;
      await().until(() -> !relay().equals(relay));
      if (kills == 3) {
        // The supervisor allows three restarts in five seconds; the rest is written in peace.
        break;
      }
    }
    writing.get();

    for (Map.Entry<String, List<String>> entry : expected.entrySet()) {
      await().atMost(SOON).until(() -> unmarked(entry.getKey()) == 0);
      List<DomainEvent> heard = consumers.slow(entry.getKey());
      assertThat(payloads(distinct(heard))).isEqualTo(entry.getValue());
      assertThat(distinct(heard)).extracting(DomainEvent::seq).isSorted();
    }
  }

  private Pid<?> relay() {
    return await().until(() -> node.whereis(OutboxProcesses.RELAY), pid -> pid != null);
  }

  /// The events as a consumer remembers them that goes by their ids.
  private static List<DomainEvent> distinct(List<DomainEvent> events) {
    Map<UUID, DomainEvent> byId = new LinkedHashMap<>();
    events.forEach(event -> byId.putIfAbsent(event.id(), event));
    return List.copyOf(byId.values());
  }

  private static List<String> payloads(List<DomainEvent> events) {
    return events.stream().map(DomainEvent::payload).toList();
  }

  private Uni<Void> append(String key, String payload) {
    return store.write(unit -> outbox.append(unit, "test", key, payload, List.of("news")));
  }

  private long unmarked(String key) {
    return count("SELECT count(*) FROM outbox WHERE key = $1 AND published_at IS NULL", key);
  }

  private long count(String sql, String key) {
    return pool.preparedQuery(sql)
        .execute(Tuple.of(key))
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .iterator()
        .next()
        .getLong(0);
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }
}

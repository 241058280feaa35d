package dev.athanor.processor.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.content.PostStatus;
import dev.athanor.domain.content.PostType;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.domain.streams.StreamKind;
import dev.athanor.domain.streams.Streams;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EffectsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Inject Consumers consumers;
  @Inject Ledger ledger;
  @Inject Node node;
  @Inject Pool pool;
  @Inject Posts posts;
  @Inject Streams streams;

  private final String stream = "stream-" + UUID.randomUUID();

  @Test
  void post_publishedAndWithdrawn_isCountedAndEnriched() throws Exception {
    streams.create(stream, "A stream", StreamKind.TOPIC).await().atMost(PATIENCE);
    Post post =
        posts
            .create(
                new Draft(
                    "article",
                    "A title",
                    null,
                    "Five words and https://example.org/a link",
                    null,
                    List.of(stream),
                    false,
                    true))
            .await()
            .atMost(PATIENCE);

    deliverAgain(post.id());
    Row enriched = row("select * from post_enrichment where post_id = $1", post.id());
    assertThat(enriched.getInteger("words")).isEqualTo(4);
    assertThat(enriched.getJson("links").toString()).contains("example.org");
    assertThat(counted("published")).isEqualTo(1);
    posts.withdraw(post.id()).await().atMost(PATIENCE);
    deliverAgain(post.id());
    assertThat(row("select 1 from post_enrichment where post_id = $1", post.id())).isNull();
    assertThat(counted("published")).isEqualTo(1);
    assertThat(counted("withdrawn")).isEqualTo(1);
  }

  @Test
  void enrichment_publishedComesAgainAfterTheWithdrawal_staysAway() throws Exception {
    streams.create(stream, "A stream", StreamKind.TOPIC).await().atMost(PATIENCE);
    Post post =
        posts
            .create(
                new Draft("article", "A title", null, "Text", null, List.of(stream), false, true))
            .await()
            .atMost(PATIENCE);
    deliverAgain(post.id());
    posts.withdraw(post.id()).await().atMost(PATIENCE);
    deliverAgain(post.id());

    // As an event that was dead here and is replayed: nobody has seen it.
    consumers.deliver(published(post.id(), 1)).toCompletableFuture().get(10, TimeUnit.SECONDS);

    assertThat(row("select 1 from post_enrichment where post_id = $1", post.id())).isNull();
  }

  @Test
  void deliver_sameEventManyTimes_hasOneEffect() throws Exception {
    DomainEvent event = published(UUID.randomUUID(), 1);
    List<CompletableFuture<Void>> deliveries = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      deliveries.add(consumers.deliver(event).toCompletableFuture());
    }

    all(deliveries);
    assertThat(counted("published")).isEqualTo(1);
    consumers.deliver(event).toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(counted("published")).isEqualTo(1);
  }

  @Test
  void deliver_consumersKilledMeanwhile_losesAndRepeatsNothing() throws Exception {
    List<CompletableFuture<Void>> deliveries = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      deliveries.add(consumers.deliver(published(UUID.randomUUID(), i)).toCompletableFuture());
      if (i % 200 == 100) {
        Pid<?> consumer = node.whereis("consumer.stream-counts");
        if (consumer != null) {
          node.exit(consumer, ExitReason.KILL);
        }
      }
    }

    all(deliveries);
    assertThat(counted("published")).isEqualTo(600);
  }

  @Test
  void once_effectFails_remembersNothing() {
    DomainEvent event = published(UUID.randomUUID(), 1);
    List<DomainEvent> seen = new ArrayList<>();

    ledger
        .once(
            "failing",
            List.of(event),
            (_, fresh) -> {
              seen.addAll(fresh);
              return Uni.createFrom().failure(new IllegalStateException("dies mid-way"));
            })
        .onFailure()
        .recoverWithNull()
        .await()
        .atMost(PATIENCE);
    ledger
        .once(
            "failing",
            List.of(event, event),
            (_, fresh) -> {
              seen.addAll(fresh);
              return Uni.createFrom().voidItem();
            })
        .await()
        .atMost(PATIENCE);
    assertThat(seen).containsExactly(event, event);
  }

  @Test
  void forget_oldEvents_areGone() {
    DomainEvent event = published(UUID.randomUUID(), 1);
    ledger
        .once("forgetful", List.of(event), (_, _) -> Uni.createFrom().voidItem())
        .await()
        .atMost(PATIENCE);
    pool.preparedQuery(
            "update processed_event set processed_at = now() - interval '40 days' where event_id ="
                + " $1")
        .execute(Tuple.of(event.id()))
        .await()
        .atMost(PATIENCE);

    assertThat(ledger.forgetOlderThan(Duration.ofDays(30), 1).await().atMost(PATIENCE)).isOne();
    assertThat(row("select 1 from processed_event where event_id = $1", event.id())).isNull();
  }

  /// The relay delivers too: whoever is second finds the effect there.
  private void deliverAgain(UUID post) throws Exception {
    List<CompletableFuture<Void>> deliveries = new ArrayList<>();
    pool.preparedQuery("select * from outbox where key = $1 order by seq")
        .execute(Tuple.of(post.toString()))
        .await()
        .atMost(PATIENCE)
        .forEach(
            row ->
                deliveries.add(
                    consumers
                        .deliver(
                            new DomainEvent(
                                row.getUUID("event_id"),
                                row.getLong("seq"),
                                row.getString("type"),
                                row.getString("key"),
                                row.getString("payload"),
                                List.of(row.getArrayOfStrings("streams")),
                                row.getOffsetDateTime("created_at").toInstant()))
                        .toCompletableFuture()));
    all(deliveries);
  }

  private DomainEvent published(UUID post, long seq) {
    String payload =
        PostJson.encode(
            new Post(
                post,
                PostType.ARTICLE,
                "A title",
                null,
                "A body",
                null,
                false,
                Instant.now(),
                List.of(stream),
                PostStatus.PUBLISHED));
    return new DomainEvent(
        UUID.randomUUID(),
        seq,
        DomainEvent.POST_PUBLISHED,
        post.toString(),
        payload,
        List.of(stream),
        Instant.now());
  }

  private static void all(List<? extends CompletionStage<Void>> deliveries) throws Exception {
    CompletableFuture.allOf(deliveries.toArray(CompletableFuture<?>[]::new))
        .get(30, TimeUnit.SECONDS);
  }

  private long counted(String column) {
    Row row = row("select * from stream_stats where stream = $1", stream);
    return row == null ? 0 : row.getLong(column);
  }

  private Row row(String sql, Object value) {
    var rows = pool.preparedQuery(sql).execute(Tuple.of(value)).await().atMost(PATIENCE);
    return rows.size() == 0 ? null : rows.iterator().next();
  }
}

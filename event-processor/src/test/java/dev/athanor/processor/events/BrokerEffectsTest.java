package dev.athanor.processor.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.outbox.Shards;
import dev.athanor.domain.streams.StreamKind;
import dev.athanor.domain.streams.Streams;
import dev.athanor.domain.testing.RabbitNode;
import dev.athanor.domain.testing.RabbitResource;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Multi;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// The consumers behind a real RabbitMQ: what is delivered again changes nothing, what cannot be
/// digested ends among the dead letters.
@QuarkusTest
@TestProfile(BrokerEffectsTest.Brokered.class)
@QuarkusTestResource(value = RabbitResource.class, restrictToAnnotatedClass = true)
@EnabledIf("dev.athanor.domain.testing.RabbitNode#available")
class BrokerEffectsTest {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String CUT =
      """
      select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()
      """;
  private static final String UNMARKED =
      "select count(*) from outbox where $1 = any(streams) and published_at is null";
  private static final String ENRICHED =
      """
      select count(*) from post_enrichment e join post p on p.id = e.post_id
       where $1 = any(p.streams)
      """;
  private static final String MARKED =
      "select 1 from outbox where key = $1 and published_at is not null";

  public static class Brokered implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("athanor.home", "target/athanor-rabbitmq");
    }
  }

  RabbitNode rabbit;

  @Inject Node node;
  @Inject Pool pool;
  @Inject Posts posts;
  @Inject Streams streams;

  @TestHTTPResource(management = true)
  URI management;

  private final String stream = "stream-" + UUID.randomUUID();

  @Test
  void event_deliveredAgainAndAgain_hasOneEffect() throws Exception {
    streams.create(stream, "A stream", StreamKind.TOPIC).await().atMost(SOON);
    Post post = posts.create(draft("A title")).await().atMost(SOON);
    await().atMost(SOON).until(() -> counted("published") == 1);
    Row row = row("select * from outbox where key = $1", post.id().toString());

    for (int i = 0; i < 20; i++) {
      publish(
          row.getUUID("event_id"),
          row.getLong("seq"),
          post.id().toString(),
          row.getString("payload"));
      if (i == 10) {
        node.exit(node.whereis("consumer.stream-counts"), ExitReason.KILL);
      }
    }
    Post last = posts.create(draft("Another")).await().atMost(SOON);
    await().atMost(SOON).until(() -> counted("published") == 2);
    await().atMost(SOON).until(() -> waiting() == 0);
    assertThat(counted("published")).isEqualTo(2);
    assertThat(row("select 1 from post_enrichment where post_id = $1", last.id())).isNotNull();
  }

  @Test
  void everything_diesWhileStoriesArePublished_everyEffectIsThereOnce() throws Exception {
    streams.create(stream, "A stream", StreamKind.TOPIC).await().atMost(SOON);
    whilePublishing(() -> killConsumers("stream-counts"));
    whilePublishing(() -> pool.query(CUT).execute().await().atMost(SOON));
    whilePublishing(
        () -> {
          rabbit.kill();
          killConsumers("stream-counts", "enrichment");
          rabbit.restart();
        });

    long stored = number("select count(*) from post where $1 = any(streams)");
    assertThat(stored).isGreaterThan(100);
    await().atMost(SOON).until(() -> counted("published") >= stored);
    await().atMost(SOON).until(() -> number(UNMARKED) == 0 && waiting() == 0 && held() == 0);
    assertThat(counted("published")).isEqualTo(stored);
    assertThat(number(ENRICHED)).isEqualTo(stored);
  }

  /// Sixty stories in ten lines; one whose connection is cut is stored or not.
  private void whilePublishing(Runnable fault) throws Exception {
    long before = counted("published");
    CompletableFuture<?> publishing =
        Multi.createFrom()
            .range(0, 60)
            .onItem()
            .transformToUni(i -> posts.create(draft("Story " + i)).onFailure().recoverWithNull())
            .merge(10)
            .collect()
            .asList()
            .subscribeAsCompletionStage();
    await().atMost(SOON).until(() -> counted("published") > before);
    fault.run();
    publishing.get(40, TimeUnit.SECONDS);
    await().atMost(SOON).ignoreExceptions().until(() -> counted("published") >= before);
  }

  private void killConsumers(String... names) {
    for (String name : names) {
      Pid<?> consumer = node.whereis("consumer." + name);
      if (consumer != null) {
        node.exit(consumer, ExitReason.KILL);
      }
    }
  }

  private long number(String sql) {
    return row(sql, stream).getLong(0);
  }

  @Test
  void event_thatNoConsumerCanDigest_isADeadLetterAfterItsAttempts() throws Exception {
    UUID id = UUID.randomUUID();
    publish(id, 1, UUID.randomUUID().toString(), "this is no post");

    await().atMost(SOON).until(() -> letter(id) != null);
    assertThat(letter(id).getString("reason")).contains(": given up after 3 attempts");
    JsonObject answer = ask("POST", "/dead/replay?limit=1000");
    assertThat(answer.getInteger("replayed")).isPositive();
    await().atMost(SOON).until(() -> letter(id) != null);
  }

  @Test
  void operator_pausesAndResumes_seesWhatWaits() throws Exception {
    ask("POST", "/pause");
    assertThat(ask("GET", "").getBoolean("paused")).isTrue();
    streams.create(stream, "A stream", StreamKind.TOPIC).await().atMost(SOON);
    await().atMost(SOON).until(() -> takers() == 0);
    Post post = posts.create(draft("Waits")).await().atMost(SOON);
    await().atMost(SOON).until(() -> waiting() >= 1);
    assertThat(counted("published")).isZero();
    age(post, "1 hour");
    String queue = "athanor.events.event-processor." + Shards.of(post.id().toString());
    await().atMost(SOON).until(() -> lag(queue) != null);
    assertThat(lag(queue)).isBetween(3_600.0, 3_700.0);

    ask("POST", "/resume");

    await().atMost(SOON).until(() -> counted("published") == 1);
    JsonObject seen = ask("GET", "");
    assertThat(seen.getString("broker")).isEqualTo("rabbitmq");
    assertThat(seen.getString("source")).isEqualTo("relay");
    assertThat(seen.getJsonArray("relays")).hasSize(Shards.COUNT);
  }

  private Draft draft(String title) {
    return new Draft("article", title, null, "A body", null, List.of(stream), false, true);
  }

  /// As the relay does, written out: the messages are read by deployments of another version too.
  private void publish(UUID id, long seq, String key, String payload) throws Exception {
    try (Connection connection = rabbit.connect();
        Channel channel = connection.createChannel()) {
      channel.basicPublish(
          "athanor.events",
          Integer.toString(Shards.of(key)),
          new BasicProperties.Builder()
              .messageId(id.toString())
              .type("post.published")
              .headers(
                  Map.of(
                      "x-athanor-key", key,
                      "x-athanor-seq", seq,
                      "x-athanor-streams", stream,
                      "x-athanor-occurred-micros", 1_700_000_000_000_000L))
              .build(),
          payload.getBytes(StandardCharsets.UTF_8));
    }
  }

  private JsonObject letter(UUID id) throws Exception {
    return ask("GET", "/dead?limit=1000").getJsonArray("data").stream()
        .map(JsonObject.class::cast)
        .filter(each -> id.toString().equals(each.getString("id")))
        .findFirst()
        .orElse(null);
  }

  /// As if it had waited for so long.
  private void age(Post post, String longer) {
    String key = post.id().toString();
    await().atMost(SOON).until(() -> row(MARKED, key) != null);
    pool.preparedQuery(
            "update outbox set created_at = created_at - interval '" + longer + "' where key = $1")
        .execute(Tuple.of(key))
        .await()
        .atMost(SOON);
  }

  private Double lag(String queue) throws Exception {
    return places().stream()
        .filter(place -> place.getString("name").equals(queue))
        .findFirst()
        .orElseThrow()
        .getDouble("lag_seconds");
  }

  private long waiting() throws Exception {
    return places().stream().mapToLong(place -> place.getLong("waiting")).sum();
  }

  /// What consumers were given and have not answered for.
  private long held() throws Exception {
    return ask("GET", "").getJsonArray("data").stream()
        .map(JsonObject.class::cast)
        .filter(place -> place.getString("name").equals("delivery"))
        .findFirst()
        .orElseThrow()
        .getLong("waiting");
  }

  private long takers() throws Exception {
    return places().stream().mapToLong(place -> place.getInteger("consumers")).sum();
  }

  private List<JsonObject> places() throws Exception {
    return ask("GET", "").getJsonArray("data").stream()
        .map(JsonObject.class::cast)
        .filter(place -> place.getString("name").startsWith("athanor.events.event-processor"))
        .filter(place -> !place.getString("name").endsWith(".dead"))
        .toList();
  }

  private JsonObject ask(String method, String path) throws Exception {
    HttpResponse<String> answer;
    try (HttpClient client = HttpClient.newHttpClient()) {
      answer =
          client.send(
              HttpRequest.newBuilder(management.resolve("/events" + path))
                  .method(method, HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
    }
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 202);
    return answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body());
  }

  private long counted(String column) {
    Row row = row("select * from stream_stats where stream = $1", stream);
    return row == null ? 0 : row.getLong(column);
  }

  private Row row(String sql, Object value) {
    var rows = pool.preparedQuery(sql).execute(Tuple.of(value)).await().atMost(SOON);
    return rows.size() == 0 ? null : rows.iterator().next();
  }
}

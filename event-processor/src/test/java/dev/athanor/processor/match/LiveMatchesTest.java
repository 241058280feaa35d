package dev.athanor.processor.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.content.PostType;
import dev.athanor.domain.fixtures.Feed;
import dev.athanor.domain.fixtures.Fixtures;
import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.domain.fixtures.ParsedFeed;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.domain.streams.Streams;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LiveMatchesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Inject Fixtures fixtures;
  @Inject Streams streams;
  @Inject Matches matches;
  @Inject FeedKickOff kickOff;

  @TestHTTPResource(management = true)
  URI management;

  @Test
  void feed_imported_isPlayedMomentByMoment() {
    ParsedFeed cup = new Tournament().feed();
    Feed feed = importAt(cup, 6_000);

    awaitTheEnd(feed);
    assertPlayed(feed, cup);
  }

  @Test
  void feeds_importedAtOnce_areAllBegunInOneBatch() {
    List<DomainEvent> imported =
        Stream.generate(() -> importAt(new Tournament().feed(), 1))
            .limit(3)
            .map(
                feed ->
                    new DomainEvent(
                        UUID.randomUUID(),
                        1,
                        DomainEvent.FEED_IMPORTED,
                        feed.id().toString(),
                        "{}",
                        List.of(),
                        Instant.now()))
            .toList();

    kickOff.apply(imported).await().atMost(PATIENCE);
  }

  @Test
  void feed_matchProcessesKilledAtRandom_losesAndRepeatsNothing() {
    ParsedFeed cup = new Tournament().feed();
    Feed feed = importAt(cup, 3_000);
    Random random = new Random(1);

    await()
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(40))
        .until(
            () -> {
              List<MatchBoard.Card> cards = matches.cards();
              if (!cards.isEmpty()) {
                matches.kill(cards.get(random.nextInt(cards.size())).id());
              }
              return done(feed);
            });
    assertPlayed(feed, cup);
  }

  @Test
  void management_matchAtItsStart_isListedAndKilled() throws Exception {
    Feed feed = importAt(new Tournament().feed(), 1);
    UUID match = fixtures.unfinished(feed.id()).await().atMost(PATIENCE).getFirst().id();
    await().until(() -> listed(match) != null && listed(match).containsKey("step"));
    JsonObject before = listed(match);

    assertThat(before.getJsonArray("teams").getString(0)).startsWith("Home 0");
    assertThat(before.getInteger("restarts")).isZero();
    assertThat(send("POST", "/" + match + "/kill").statusCode()).isEqualTo(202);
    await().until(() -> listed(match).getInteger("restarts") == 1);
    assertThat(listed(match).getString("pid")).isNotEqualTo(before.getString("pid"));
  }

  @Test
  void management_unknownMatch_isRefusedAsProblem() throws Exception {
    for (String id : List.of(UUID.randomUUID().toString(), "nonsense")) {
      HttpResponse<String> answer = send("POST", "/" + id + "/kill");

      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(new JsonObject(answer.body()).getInteger("status")).isEqualTo(404);
    }
  }

  private Feed importAt(ParsedFeed cup, double speed) {
    return fixtures.importFeed(cup, speed).await().atMost(PATIENCE);
  }

  private void awaitTheEnd(Feed feed) {
    await().atMost(Duration.ofSeconds(60)).until(() -> done(feed));
  }

  private boolean done(Feed feed) {
    return fixtures.progress(feed.id()).await().atMost(PATIENCE).complete();
  }

  private void assertPlayed(Feed feed, ParsedFeed cup) {
    int moments = cup.matches().stream().mapToInt(match -> match.timeline().size()).sum();
    assertThat(page(feed.competition())).hasSize(moments);
    for (MatchState match : fixtures.matches(feed.id()).await().atMost(PATIENCE)) {
      assertThat(match.unfinished()).isFalse();
      List<Post> posts = page(match.slug1()).reversed();
      assertThat(posts).hasSameSizeAs(match.timeline()).isEqualTo(page(match.slug2()).reversed());
      assertThat(posts).allMatch(post -> post.type() == PostType.SCORE);
      for (int step = 0; step < posts.size(); step++) {
        assertThat(posts.get(step).title()).contains(words(match, step));
      }
    }
  }

  private static String words(MatchState match, int step) {
    return switch (match.timeline().get(step).kind()) {
      case KICK_OFF -> "Kick-off";
      case GOAL -> "Scorer " + match.timeline().get(step).minute();
      case HALF_TIME -> "Half time";
      case EXTRA_TIME -> "Extra time";
      case FULL_TIME -> "Full time";
    };
  }

  private List<Post> page(String stream) {
    return PostJson.decodePage(
        streams.page(stream, Streams.LARGEST_PAGE, null).await().atMost(PATIENCE).posts());
  }

  private JsonObject listed(UUID match) throws Exception {
    return new JsonObject(send("GET", "").body())
        .getJsonArray("data").stream()
            .map(JsonObject.class::cast)
            .filter(each -> each.getString("id").equals(match.toString()))
            .findFirst()
            .orElse(null);
  }

  private HttpResponse<String> send(String method, String path)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create(
                      "http://localhost:" + management.getPort() + "/processes/matches" + path))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          BodyHandlers.ofString());
    }
  }
}

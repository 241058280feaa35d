package dev.athanor.web.live;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.domain.fixtures.Feed;
import dev.athanor.domain.fixtures.Fixtures;
import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.testing.Received;
import dev.athanor.otp.channels.testing.TestChannel;
import dev.athanor.otp.channels.testing.TestSocket;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The live score of a match: what readers are told with the join and after it. */
@QuarkusTest
class GameChannelTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Inject Fixtures fixtures;
  @Inject Endpoint endpoint;

  @Test
  void match_joinedBeforeKickOff_tellsEachMomentWithTheStateAfterIt() {
    Cup cup = new Cup();
    UUID match = imported(cup, 1);
    try (TestSocket socket = TestSocket.connect(endpoint).patience(SOON, Duration.ofMillis(50))) {
      TestChannel game = socket.subscribeAndJoin("game:" + match);
      JsonNode before = game.response().json();
      assertThat(before.get("step").asInt()).isZero();
      assertThat(before.get("status").asText()).isEqualTo("scheduled");
      assertThat(before.at("/team1/name").asText()).isEqualTo(cup.home);
      assertThat(before.get("moments")).isEmpty();

      advance(match, 0);
      game.assertPush("kick_off", Map.of("step", 1, "status", "live", "score", List.of(0, 0)));
      advance(match, 1);
      JsonNode goal = game.assertPush("goal", Map.of("step", 2, "score", List.of(1, 0))).json();
      assertThat(goal.get("moments")).hasSize(2);
      assertThat(goal.at("/moments/1/scorer").asText()).isEqualTo("Ada");
      advance(match, 2);
      game.assertPush("half_time", Map.of("step", 3, "minute", 45));
      advance(match, 3);
      game.assertPush("full_time", Map.of("step", 4, "status", "finished"));
      assertThat(socket.received()).isEmpty();
    }
    try (TestSocket late = TestSocket.connect(endpoint).patience(SOON, SOON)) {
      JsonNode over = late.subscribeAndJoin("game:" + match).response().json();
      assertThat(over.get("moments")).hasSize(4);
      assertThat(over.get("score")).hasToString("[1,0]");
    }
    given()
        .header("accept", "text/html")
        .get("/matches/" + match)
        .then()
        .statusCode(200)
        .body(containsString("data-game=\"" + match + "\""))
        .body(containsString("Goal! Ada, " + cup.home + " 1–0"))
        .body(containsString("data-step=\"4\""));
    given()
        .header("accept", "text/html")
        .get("/matches")
        .then()
        .statusCode(200)
        .body(containsString("/matches/" + match));
  }

  @Test
  void match_joinedWhileItIsPlayed_losesAndDoublesNoMoment() {
    int goals = 17;
    int steps = goals + 3;
    UUID match = imported(new Cup(), goals);
    CompletableFuture<Void> played =
        CompletableFuture.runAsync(
            () -> IntStream.range(0, steps).forEach(step -> advance(match, step)));
    List<TestSocket> sockets = new ArrayList<>();
    List<TestChannel> readers = new ArrayList<>();
    while (readers.size() < 20 || (readers.size() < 60 && !played.isDone())) {
      TestSocket socket = TestSocket.connect(endpoint).patience(SOON, SOON);
      sockets.add(socket);
      readers.add(socket.subscribeAndJoin("game:" + match));
    }
    played.join();

    for (int i = 0; i < readers.size(); i++) {
      int joinedAt = readers.get(i).response().json().get("step").asInt();
      TestSocket socket = sockets.get(i);
      Awaitility.await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(shown(joinedAt, socket)).endsWith(steps));
      assertThat(shown(joinedAt, socket))
          .as("the steps that reader %s saw", i)
          .isEqualTo(IntStream.rangeClosed(joinedAt, steps).boxed().toList());
      socket.close();
    }
  }

  /** What a reader shows who takes an event only if its step is above the one shown. */
  private static List<Integer> shown(int joinedAt, TestSocket socket) {
    List<Integer> steps = new ArrayList<>(List.of(joinedAt));
    for (Received event : socket.received()) {
      int step = event.payload().json().get("step").asInt();
      if (step > steps.getLast()) {
        steps.add(step);
      }
    }
    return steps;
  }

  @Test
  void match_unknown_isRefused() {
    try (TestSocket socket = TestSocket.connect(endpoint).patience(SOON, SOON)) {
      String known = imported(new Cup(), 1).toString().toUpperCase(Locale.ROOT);
      for (String id : List.of(UUID.randomUUID().toString(), "nonsense", known)) {
        assertThat(socket.assertJoinRefused("game:" + id, Map.of()).json().get("reason").asText())
            .isEqualTo("unknown match");
      }
    }
    given().header("accept", "text/html").get("/matches/nonsense").then().statusCode(404);
  }

  private UUID imported(Cup cup, int goals) {
    Feed feed = fixtures.importFeed(cup.feed(goals), 1).await().atMost(SOON);
    return fixtures.matches(feed.id()).await().atMost(SOON).getFirst().id();
  }

  private void advance(UUID match, int step) {
    assertThat(fixtures.advance(match, step).await().atMost(SOON)).isTrue();
  }
}

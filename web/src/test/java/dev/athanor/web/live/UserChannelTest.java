package dev.athanor.web.live;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Field;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostChange;
import dev.athanor.domain.content.Posts;
import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.testing.TestChannel;
import dev.athanor.otp.channels.testing.TestSocket;
import dev.athanor.otp.channels.wire.Payload;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A reader's own channel: who may join it, and what it tells. */
@QuarkusTest
class UserChannelTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private record Reader(String id, String token) {
    static Reader made() {
      JsonPath made = given().post("/api/readers").then().statusCode(201).extract().jsonPath();
      return new Reader(made.getString("id"), made.getString("token"));
    }

    RequestSpecification request() {
      return given().header("authorization", "Bearer " + token);
    }

    void follow(String slug) {
      request().put("/api/me/subscriptions/" + slug).then().statusCode(204);
    }

    void leave(String slug) {
      request().delete("/api/me/subscriptions/" + slug).then().statusCode(204);
    }

    TestChannel join(TestSocket socket) {
      return socket.subscribeAndJoin("user:" + id, Map.of("token", token));
    }
  }

  @Inject Posts posts;
  @Inject Endpoint endpoint;

  @Test
  void token_wrongOrOfAnotherReader_isRefused() {
    Reader reader = Reader.made();
    Reader other = Reader.made();
    try (TestSocket socket = connected()) {
      for (Map<String, String> params :
          List.of(
              Map.<String, String>of(),
              Map.of("token", "nonsense"),
              Map.of("token", other.token()),
              Map.of("token", reader.token() + "A"))) {
        assertThat(
                socket
                    .assertJoinRefused("user:" + reader.id(), params)
                    .json()
                    .get("reason")
                    .asText())
            .isEqualTo("unauthorized");
      }
      assertThat(
              socket
                  .assertJoinRefused("user:" + UUID.randomUUID(), Map.of("token", reader.token()))
                  .json()
                  .get("reason")
                  .asText())
          .isEqualTo("unauthorized");
      assertThat(
              socket
                  .assertJoinRefused("user:" + reader.id(), Payload.json("null".getBytes(UTF_8)))
                  .json()
                  .get("reason")
                  .asText())
          .isEqualTo("unauthorized");
      assertThat(reader.join(socket).response().json().get("subscriptions")).isEmpty();
    }
  }

  @Test
  void subscriptions_changedElsewhere_areTold() {
    Reader reader = Reader.made();
    reader.follow("football");
    try (TestSocket socket = connected();
        TestSocket stranger = connected()) {
      TestChannel own = reader.join(socket);
      TestChannel others = Reader.made().join(stranger);
      assertThat(own.response().json().get("subscriptions")).hasToString("[\"football\"]");

      reader.follow("tennis");
      own.assertPush("followed", Map.of("slug", "tennis"));
      reader.leave("football");
      own.assertPush("left", Map.of("slug", "football"));
      others.refutePush("followed");
    }
  }

  @Test
  void breakingStory_onStreamsFollowed_isToldOnce() {
    Reader reader = Reader.made();
    reader.follow("football");
    try (TestSocket socket = connected()) {
      TestChannel own = reader.join(socket);
      reader.follow("tennis");
      own.assertPush("followed");

      publish(List.of("football"), false);
      publish(List.of("motorsport"), true);
      Post both = publish(List.of("football", "tennis"), true);
      own.assertPush("breaking", Map.of("id", both.id().toString(), "breaking", true));
      reader.leave("tennis");
      own.assertPush("left");
      publish(List.of("tennis"), true);
      Post last = publish(List.of("football"), true);
      own.assertPush("breaking", Map.of("id", last.id().toString()));
      Post later = publish(List.of("football"), false);
      own.refutePush("breaking");
      posts
          .change(
              later.id(),
              new PostChange(
                  Field.absent(),
                  Field.absent(),
                  Field.absent(),
                  Field.absent(),
                  Field.absent(),
                  Field.absent(),
                  Field.of(true),
                  Field.absent()))
          .await()
          .atMost(SOON);
      own.assertPush("breaking", Map.of("id", later.id().toString()));
      own.refutePush("breaking");
    }
  }

  private TestSocket connected() {
    return TestSocket.connect(endpoint).patience(SOON, Duration.ofMillis(100));
  }

  private Post publish(List<String> streams, boolean breaking) {
    Draft draft = new Draft("article", "Story", "Short", "Body", null, streams, breaking, true);
    return posts.create(draft).await().atMost(SOON);
  }
}

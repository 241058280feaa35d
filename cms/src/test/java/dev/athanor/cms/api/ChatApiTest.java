package dev.athanor.cms.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;

import dev.athanor.domain.chat.Chat;
import dev.athanor.domain.chat.ChatMessage;
import dev.athanor.domain.chat.Nickname;
import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.problem.Refused;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An editor moderates the chat of a story. */
@QuarkusTest
class ChatApiTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Inject Posts posts;
  @Inject Chat chat;

  private UUID story;

  @BeforeEach
  void publish() {
    story =
        posts
            .create(
                new Draft("article", "Final", "Short", "Body", null, List.of("news"), false, true))
            .await()
            .atMost(SOON)
            .id();
  }

  private ChatMessage say(String nickname, UUID reader, String text) {
    return chat.say(story, Nickname.of(nickname), reader, text).await().atMost(SOON);
  }

  private List<ChatMessage> history() {
    return chat.enter(story, null, null).await().atMost(SOON);
  }

  @Test
  void message_removed_isInNoHistory() {
    ChatMessage rude = say("Rude", null, "something rude");
    ChatMessage kind = say("Kind", null, "something kind");
    editor().delete("/api/cms/messages/" + rude.id()).then().statusCode(204);
    editor().delete("/api/cms/messages/" + rude.id()).then().statusCode(204);
    assertThat(history()).containsExactly(kind);
  }

  @Test
  void history_ofManyMessages_isTheLast50InOrder() {
    for (int i = 0; i < 60; i++) {
      say("Eager", null, "message " + i);
    }
    assertThat(history()).hasSize(50).isSortedAccordingTo((a, b) -> Long.compare(a.id(), b.id()));
    assertThat(history().getLast().text()).isEqualTo("message 59");
  }

  @Test
  void author_banned_mayNotWriteUnderAnotherNicknameEither() {
    UUID reader = UUID.randomUUID();
    ChatMessage rude = say("Rude", reader, "something rude");
    editor()
        .body("{\"message\":" + rude.id() + ",\"minutes\":10}")
        .post("/api/cms/bans")
        .then()
        .statusCode(201)
        .body("nickname", equalTo("Rude"))
        .body("until", notNullValue());
    assertThatThrownBy(() -> say("rude", null, "again")).isInstanceOf(Refused.class);
    assertThatThrownBy(() -> say("Somebody else", reader, "again"))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("until");
    assertThat(say("Kind", null, "hello").text()).isEqualTo("hello");
  }

  @Test
  void ban_wrong_isRefusedWithWhatIsExpected() {
    ban("{\"minutes\":10}", 422).body("errors[0].field", equalTo("message"));
    ban("{\"story\":\"" + story + "\",\"nickname\":\"Rude\"}", 422)
        .body("errors.field", hasItem("minutes"));
    ban("{\"story\":\"" + story + "\",\"nickname\":\"\",\"minutes\":5}", 422)
        .body("errors[0].field", equalTo("nickname"));
    ban("{\"story\":\"x\",\"nickname\":\"Rude\",\"minutes\":5}", 404);
    ban("{\"story\":\"" + UUID.randomUUID() + "\",\"nickname\":\"Rude\",\"minutes\":5}", 404);
    ban("{\"message\":999999999,\"minutes\":5}", 404).body("type", containsString("message"));
    ban("{\"message\":\"7\",\"minute\":5}", 400)
        .body("errors.expected", hasItem(containsString("did you mean minutes")));
    editor().delete("/api/cms/messages/nope").then().statusCode(404);
    given().delete("/api/cms/messages/1").then().statusCode(401);
  }

  private static ValidatableResponse ban(String body, int status) {
    return editor().body(body).post("/api/cms/bans").then().statusCode(status);
  }

  private static RequestSpecification editor() {
    return given()
        .auth()
        .preemptive()
        .basic("editor", CmsApiTest.PASSWORD)
        .contentType("application/json");
  }
}

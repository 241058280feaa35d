package dev.athanor.web.live;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.athanor.domain.chat.Chat;
import dev.athanor.domain.chat.Nickname;
import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Posts;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readers talk about a story; an editor moderates. */
@QuarkusTest
class StoryChatTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestHTTPResource("/socket/websocket?vsn=2.0.0")
  URI socket;

  @Inject Posts posts;
  @Inject Chat chat;

  private final HttpClient http = HttpClient.newHttpClient();
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

  @AfterEach
  void close() {
    http.shutdownNow();
  }

  @Test
  void reader_withANickname_isSeenAndHeard() throws Exception {
    Reader ada = new Reader();
    assertThat(ada.join("{\"nickname\":\"Ada\"}").at("/response/nickname").textValue())
        .isEqualTo("Ada");
    assertThat(ada.next("presence_state").has("Ada")).isTrue();
    Reader bob = new Reader();
    bob.join("{\"nickname\":\"Bob\"}");
    assertThat(ada.next("presence_diff", "/joins/Bob").at("/leaves")).isEmpty();

    ada.send("say", "{\"text\":\" <b>Goal</b> \"}");
    JsonNode heard = bob.next("message");
    assertThat(heard.get("nickname").textValue()).isEqualTo("Ada");
    assertThat(heard.get("text").textValue()).isEqualTo("<b>Goal</b>");
    assertThat(ada.next("phx_reply").at("/response/id")).isEqualTo(heard.get("id"));

    Reader late = new Reader();
    JsonNode welcome = late.join("{}");
    assertThat(welcome.at("/response/messages/0")).isEqualTo(heard);
    assertThat(late.next("presence_state")).hasSize(2);
    bob.leave();
    assertThat(late.next("presence_diff", "/leaves/Bob").at("/joins")).isEmpty();
  }

  @Test
  void reader_whoTypesWhatIsNotAllowed_isToldWhatIs() throws Exception {
    Reader reader = new Reader();
    assertThat(reader.join("{\"nickname\":\"" + "x".repeat(31) + "\"}"))
        .hasToString(
            "{\"status\":\"error\",\"response\":{\"reason\":\"invalid-content\",\"detail\":"
                + "\"Field nickname: expected 1 to 30 characters, got 31 characters."
                + " Nothing was stored.\",\"errors\":"
                + "[{\"field\":\"nickname\",\"expected\":\"1 to 30 characters\","
                + "\"got\":\"31 characters\"}]}}");
    reader.join("{}");
    assertThat(reader.say("{\"text\":\"hello\"}")).isEqualTo("no-nickname");

    Reader named = new Reader();
    named.join("{\"nickname\":\"Eve\"}");
    assertThat(named.say("{\"text\":\"\"}")).isEqualTo("invalid-content");
    assertThat(named.say("{\"text\":7}")).isEqualTo("invalid-content");
    assertThat(named.say("{\"text\":\"" + "x".repeat(501) + "\"}")).isEqualTo("invalid-content");
    named.send("shout", "{}");
    assertThat(named.next("phx_reply").at("/response/reason").textValue())
        .isEqualTo("unknown-event");
  }

  @Test
  void reader_whoWritesTooFast_isToldWhenToTryAgain() throws Exception {
    Reader reader = new Reader();
    reader.join("{\"nickname\":\"Speedy\"}");
    for (int i = 0; i < 5; i++) {
      assertThat(reader.say("{\"text\":\"" + i + "\"}")).isEmpty();
    }
    reader.send("say", "{\"text\":\"one too many\"}");
    JsonNode reply = reader.next("phx_reply");
    assertThat(reply.at("/response/reason").textValue()).isEqualTo("too-fast");
    assertThat(reply.at("/response/retry_after").intValue()).isBetween(1, 3);
  }

  @Test
  void reader_whoChangesTheNickname_isNoFaster() throws Exception {
    for (int i = 0; i < 5; i++) {
      Reader reader = new Reader();
      reader.join("{\"nickname\":\"N" + i + "\"}");
      assertThat(reader.say("{\"text\":\"again\"}")).isEmpty();
    }
    Reader sixth = new Reader();
    sixth.join("{\"nickname\":\"N6\"}");
    assertThat(sixth.say("{\"text\":\"again\"}")).isEqualTo("too-fast");
  }

  @Test
  void message_whoseAuthorIsGone_reachesTheOthers() throws Exception {
    Reader reader = new Reader();
    reader.join("{}");
    chat.say(story, Nickname.of("Gone"), null, "I must go").await().atMost(SOON);
    assertThat(reader.next("message").get("text").textValue()).isEqualTo("I must go");
  }

  @Test
  void story_thatIsNotThere_cannotBeTalkedAbout() throws Exception {
    story = UUID.randomUUID();
    assertThat(new Reader().join("{}").at("/response/reason").textValue())
        .isEqualTo("unknown-post");
  }

  @Test
  void message_removedByAnEditor_disappearsEverywhere() throws Exception {
    Reader reader = new Reader();
    reader.join("{\"nickname\":\"Rude\"}");
    reader.send("say", "{\"text\":\"something rude\"}");
    long id = reader.next("message").get("id").longValue();
    chat.remove(id).await().atMost(SOON);
    assertThat(reader.next("message_removed").get("id").longValue()).isEqualTo(id);
    chat.remove(id).await().atMost(SOON);
    assertThat(new Reader().join("{}").at("/response/messages")).isEmpty();
  }

  @Test
  void nickname_bannedByAnEditor_mayReadAndNotWrite() throws Exception {
    Reader reader = new Reader();
    reader.join("{\"nickname\":\"Rude\"}");
    chat.ban(new Chat.Author(story, Nickname.of("RUDE"), null), Duration.ofMinutes(5))
        .await()
        .atMost(SOON);
    assertThat(reader.next("banned").get("nickname").textValue()).isEqualTo("RUDE");
    assertThat(reader.say("{\"text\":\"still here\"}")).isEqualTo("banned");
    Reader again = new Reader();
    JsonNode refused = again.join("{\"nickname\":\"rude\"}");
    assertThat(refused.at("/response/reason").textValue()).isEqualTo("banned");
    assertThat(refused.at("/response/until").isTextual()).isTrue();
    assertThat(again.join("{}").get("status").textValue()).isEqualTo("ok");
  }

  @Test
  void page_ofAStory_hasTheChatAndNothingThatBreaksThePolicy() {
    given()
        .accept("text/html")
        .get("/stories/" + story)
        .then()
        .statusCode(200)
        .header("content-security-policy", containsString("script-src 'self'"))
        .body(containsString("data-chat=\"story:" + story + "\""))
        .body(containsString("<noscript>"));
  }

  /** A client that speaks the protocol by hand. */
  private final class Reader implements WebSocket.Listener {
    private final BlockingQueue<JsonNode> arrived = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();
    private final WebSocket connection;
    private int ref;

    Reader() {
      connection =
          http.newWebSocketBuilder()
              .buildAsync(URI.create(socket.toString().replaceFirst("^http", "ws")), this)
              .join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        try {
          arrived.add(JSON.readTree(part.toString()));
        } catch (java.io.IOException e) {
          throw new UncheckedIOException(e);
        }
        part.setLength(0);
      }
      from.request(1);
      return null;
    }

    JsonNode join(String params) throws Exception {
      ref++;
      connection
          .sendText(
              "[\"%d\",\"%d\",\"story:%s\",\"phx_join\",%s]".formatted(ref, ref, story, params),
              true)
          .join();
      return next("phx_reply");
    }

    void send(String event, String payload) {
      connection
          .sendText("[null,\"9\",\"story:%s\",\"%s\",%s]".formatted(story, event, payload), true)
          .join();
    }

    void leave() {
      connection
          .sendText("[\"%d\",\"9\",\"story:%s\",\"phx_leave\",{}]".formatted(ref, story), true)
          .join();
    }

    /** The reason of the refusal; empty when there was none. */
    String say(String payload) throws Exception {
      send("say", payload);
      return next("phx_reply").at("/response/reason").asText();
    }

    JsonNode next(String event) throws Exception {
      return next(event, "");
    }

    /** The next payload of an event that has something at this place; others are passed over. */
    JsonNode next(String event, String place) throws Exception {
      while (true) {
        JsonNode message = arrived.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).as("waiting for " + event + " " + place).isNotNull();
        if (message.get(3).textValue().equals(event) && !message.get(4).at(place).isMissingNode()) {
          return message.get(4);
        }
      }
    }
  }
}

package dev.athanor.cms.desk;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.athanor.domain.chat.Chat;
import dev.athanor.domain.chat.ChatMessage;
import dev.athanor.domain.chat.Nickname;
import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Posts;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@QuarkusTest
class DeskTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]+)\"");

  @Inject Posts posts;
  @Inject Chat chat;

  @Test
  void desk_withoutSession_sendsToTheLogin() {
    given()
        .redirects()
        .follow(false)
        .get("/cms")
        .then()
        .statusCode(303)
        .header("location", equalTo("/cms/login?next=%2Fcms"));
  }

  @Test
  void login_wrongPassword_isToldAndKeepsOut() {
    Response page = given().get("/cms/login");
    given()
        .cookie(Browser.COOKIE, page.cookie(Browser.COOKIE))
        .formParam("form_token", token(page))
        .formParam("user", "editor")
        .formParam("password", "wrong")
        .post("/cms/login")
        .then()
        .statusCode(401)
        .body(containsString("do not belong together"));
  }

  @Test
  void login_right_setsAGuardedCookie() {
    Response page = given().get("/cms/login");
    Response done = login(page, "/cms/posts/new");

    assertThat(done.statusCode()).isEqualTo(303);
    assertThat(done.header("location")).isEqualTo("/cms/posts/new");
    assertThat(done.getHeader("set-cookie"))
        .containsIgnoringCase("; HttpOnly")
        .containsIgnoringCase("; SameSite=Lax");
    assertThat(login(given().get("/cms/login"), "https://evil.example").header("location"))
        .isEqualTo("/cms");
  }

  @Test
  void form_withoutToken_isRefused() {
    String session = session();

    given()
        .cookie(Browser.COOKIE, session)
        .formParam("title", "x")
        .post("/cms/posts/new")
        .then()
        .statusCode(403);
    given()
        .cookie(Browser.COOKIE, session)
        .header("sec-fetch-site", "cross-site")
        .post("/cms/posts/new")
        .then()
        .statusCode(403);
    given()
        .cookie(Browser.COOKIE, session + "x")
        .redirects()
        .follow(false)
        .get("/cms")
        .then()
        .statusCode(303);
  }

  @Test
  void form_brokenlyEncoded_isRefusedWithoutRepeatingIt() {
    Response refused =
        given()
            .contentType("application/x-www-form-urlencoded")
            .body("user=editor&password=secret%zz")
            .post("/cms/login");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.asString()).contains("could not be read").doesNotContain("secret");
  }

  @Test
  void editor_whoseLoginIsOver_getsTheTextBackToSendItOnceMore() {
    String text = "Written for an hour " + UUID.randomUUID();
    for (String stale : List.of("", session())) {
      Response back =
          given()
              .cookie(Browser.COOKIE, stale)
              .formParam("type", "article")
              .formParam("title", text)
              .formParam("action", "publish")
              .formParam("form_token", "of another session")
              .post("/cms/posts/new");

      back.then().statusCode(403).body(containsString(text)).body(containsString("save here once"));
    }
  }

  @Test
  void story_whoseChatIsModerated_losesTheMessage() {
    String session = session();
    UUID story =
        posts
            .create(
                new Draft("article", "Final", "Short", "Body", null, List.of("news"), false, true))
            .await()
            .atMost(SOON)
            .id();
    ChatMessage rude =
        chat.say(story, Nickname.of("Rude"), null, "<b>something rude</b>").await().atMost(SOON);
    String page = "/cms/chats/" + story;
    Response shown = given().cookie(Browser.COOKIE, session).get(page);
    shown.then().statusCode(200).body(containsString("&lt;b&gt;something rude"));

    for (String what : List.of("remove", "ban-hour")) {
      given()
          .cookie(Browser.COOKIE, session)
          .redirects()
          .follow(false)
          .formParam("form_token", token(shown))
          .post(page + "/" + rude.id() + "/" + what)
          .then()
          .statusCode(303)
          .header("location", page);
    }

    given()
        .cookie(Browser.COOKIE, session)
        .get(page)
        .then()
        .body(containsString("Nobody has said anything yet"));
    assertThat(
            chat.enter(story, Nickname.of("Rude"), null)
                .onItem()
                .transform(_ -> "entered")
                .onFailure()
                .recoverWithItem(Throwable::getMessage)
                .await()
                .atMost(SOON))
        .contains("An editor has decided so");
  }

  @Test
  void editor_writesPreviewsAndPublishes_isOnTheDesk() {
    String session = session();
    String title = "Story " + UUID.randomUUID();

    send(session, "preview", title, "football")
        .then()
        .statusCode(200)
        .body(containsString("Preview"))
        .body(containsString(title));
    send(session, "publish", title, "no-such-stream")
        .then()
        .statusCode(422)
        .body(containsString("Not stored yet"))
        .body(containsString(title));
    send(session, "breaking", title, "football")
        .then()
        .statusCode(303)
        .header("location", "/cms?done=published");
    given()
        .cookie(Browser.COOKIE, session)
        .get("/cms?done=published")
        .then()
        .statusCode(200)
        .body(containsString(title))
        .body(containsString("breaking"))
        .body(containsString("Readers have it now"));
  }

  @Test
  void feed_uploaded_showsItsProgress() {
    String session = session();
    String name = "League " + UUID.randomUUID();
    Response page = given().cookie(Browser.COOKIE, session).get("/cms/feeds");
    String file =
        "{\"name\":\""
            + name
            + "\",\"matches\":[{\"team1\":\""
            + name
            + " A\",\"team2\":\"B\","
            + "\"score\":{\"ft\":[1,0]}}]}";

    String location =
        given()
            .cookie(Browser.COOKIE, session)
            .redirects()
            .follow(false)
            .multiPart("form_token", token(page))
            .multiPart("speed", "600")
            .multiPart(
                "file", "league.json", file.getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .post("/cms/feeds")
            .then()
            .statusCode(303)
            .extract()
            .header("location");
    given()
        .cookie(Browser.COOKIE, session)
        .get(location)
        .then()
        .statusCode(200)
        .body(containsString(name));
    given()
        .cookie(Browser.COOKIE, session)
        .multiPart("form_token", token(page))
        .multiPart("speed", "600")
        .multiPart("file", "x.json", "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .post("/cms/feeds")
        .then()
        .statusCode(422)
        .body(containsString("matches"));
  }

  private static Response send(String session, String action, String title, String stream) {
    Response page = given().cookie(Browser.COOKIE, session).get("/cms/posts/new");
    return given()
        .cookie(Browser.COOKIE, session)
        .redirects()
        .follow(false)
        .formParam("form_token", token(page))
        .formParam("type", "article")
        .formParam("title", title)
        .formParam("body", "Text")
        .formParam("more_streams", stream)
        .formParam("action", action)
        .post("/cms/posts/new");
  }

  static String session() {
    return login(given().get("/cms/login"), "").cookie(Browser.COOKIE);
  }

  private static Response login(Response page, String next) {
    return given()
        .cookie(Browser.COOKIE, page.cookie(Browser.COOKIE))
        .redirects()
        .follow(false)
        .formParam("form_token", token(page))
        .formParam("user", "editor")
        .formParam("password", "a-long-test-password")
        .formParam("next", next)
        .post("/cms/login");
  }

  static String token(Response page) {
    Matcher token = TOKEN.matcher(page.asString());
    assertThat(token.find()).as(page.asString()).isTrue();
    return token.group(1);
  }
}

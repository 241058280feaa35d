package dev.athanor.web;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Field;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostChange;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.streams.StreamKind;
import dev.athanor.domain.streams.Streams;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@QuarkusTest
class PagesAndApiTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Inject Posts posts;
  @Inject Streams streams;
  @Inject Vertx vertx;

  @Test
  void stream_justPublished_isThereAtOnce() {
    String slug = stream();
    for (int i = 0; i < 20; i++) {
      given().get("/api/streams/" + slug + "/posts").then().statusCode(200);
      Post post = publish(slug, "Story " + i);

      given()
          .get("/api/streams/" + slug + "/posts")
          .then()
          .statusCode(200)
          .contentType("application/json")
          .body("data[0].id", equalTo(post.id().toString()));
    }
  }

  @Test
  void stream_readWithCursors_givesEveryPostOnce() {
    String slug = stream();
    List<String> published = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      published.addFirst(publish(slug, "Story " + i).id().toString());
    }

    List<String> read = new ArrayList<>();
    String next = "";
    while (next != null) {
      Response page =
          given()
              .get(
                  "/api/streams/"
                      + slug
                      + "/posts?limit=3"
                      + (next.isEmpty() ? "" : "&before=" + next));
      read.addAll(page.jsonPath().getList("data.id"));
      next = page.jsonPath().getString("next");
    }

    assertThat(read).isEqualTo(published);
  }

  @Test
  void stream_withTag_answersNotModifiedUntilItChanges() {
    String slug = stream();
    publish(slug, "First");
    String tag = given().get("/api/streams/" + slug + "/posts").header("etag");

    given()
        .header("if-none-match", tag)
        .get("/api/streams/" + slug + "/posts")
        .then()
        .statusCode(304);
    publish(slug, "Second");
    given()
        .header("if-none-match", tag)
        .get("/api/streams/" + slug + "/posts")
        .then()
        .statusCode(200);
  }

  @Test
  void stream_unknown_isAProblemWithASuggestion() {
    given()
        .get("/api/streams/fotball/posts")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("title", equalTo("There is no such stream"))
        .body("did_you_mean", equalTo("football"));
    given().get("/api/streams/fotball").then().statusCode(404);
  }

  @Test
  void parameters_wrong_areProblems() {
    for (String query : List.of("limit=0", "limit=101", "limit=ten", "limit=", "before=nonsense")) {
      given()
          .get("/api/streams/news/posts?" + query)
          .then()
          .statusCode(400)
          .contentType("application/problem+json")
          .body("errors", hasSize(1))
          .body("errors[0].got", not(nullValue()));
    }
  }

  @Test
  void address_brokenlyEncoded_isTheCallersFault() {
    for (String path : List.of("/api/streams?query=100%", "/streams?query=%", "/api/streams/%zz")) {
      Integer status =
          vertx
              .createHttpClient()
              .request(HttpMethod.GET, RestAssured.port, "localhost", path)
              .compose(HttpClientRequest::send)
              .map(HttpClientResponse::statusCode)
              .toCompletionStage()
              .toCompletableFuture()
              .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
              .join();
      assertThat(status).isEqualTo(400);
    }
  }

  @Test
  void posts_ofAllStreams_comeInTheOrderOfPublication() {
    String slug = stream();
    Post older = publish(slug, "Older");
    Post newer = publish(slug, "Newer");
    posts
        .change(
            older.id(),
            new PostChange(
                Field.absent(),
                Field.of("Older, corrected"),
                Field.absent(),
                Field.absent(),
                Field.absent(),
                Field.absent(),
                Field.absent(),
                Field.absent()))
        .await()
        .atMost(SOON);

    List<String> ids = given().get("/api/posts?limit=100").jsonPath().getList("data.id");

    assertThat(ids).containsSubsequence(newer.id().toString(), older.id().toString());
  }

  @Test
  void scripts_haveTheirVersionInTheirAddress() {
    String page = given().header("accept", "text/html").get("/").asString();
    Matcher script = Pattern.compile("/assets/([0-9a-f]{8})/live\\.js").matcher(page);

    assertThat(script.find()).isTrue();
    given()
        .get(script.group())
        .then()
        .statusCode(200)
        .header("cache-control", containsString("immutable"))
        .body(containsString("./card.js"));
    given()
        .redirects()
        .follow(false)
        .get("/assets/00000000/live.js")
        .then()
        .statusCode(302)
        .header("location", equalTo(script.group()));
  }

  @Test
  void methodAndMediaType_wrong_areProblems() {
    given().post("/api/streams/news/posts").then().statusCode(405).header("allow", "GET, HEAD");
    given()
        .header("accept", "text/csv")
        .get("/api/streams/news")
        .then()
        .statusCode(406)
        .contentType("application/problem+json");
    given().get("/api/nothing").then().statusCode(404).contentType("application/problem+json");
  }

  @Test
  void streams_searched_areFound() {
    given().get("/api/streams?query=foot").then().body("data.slug", hasItem("football"));
    given().get("/api/streams/football").then().body("name", equalTo("Football"));
    UUID own = UUID.randomUUID();
    String slug = "dynamo-" + own;
    String name = "Динамо 50%_' " + own;
    streams.create(slug, name, StreamKind.TEAM).await().atMost(SOON);
    for (String query :
        List.of(name.toLowerCase(Locale.ROOT), name.toUpperCase(Locale.ROOT), "%_' " + own, slug)) {
      given()
          .queryParam("query", query)
          .get("/api/streams")
          .then()
          .body("data.slug", hasItem(slug));
    }
    for (String query : List.of("%", "_x", "\u0000?", "Динамоо")) {
      given()
          .queryParam("query", query)
          .get("/api/streams")
          .then()
          .statusCode(200)
          .body("data.slug", not(hasItem("football")));
    }
  }

  @Test
  void post_byId_isThatOfItsStream() {
    String slug = stream();
    Post post = publish(slug, "One");

    given()
        .get("/api/posts/" + post.id())
        .then()
        .statusCode(200)
        .body("title", equalTo("One"))
        .body("streams", contains(slug));
    given().get("/api/posts/" + UUID.randomUUID()).then().statusCode(404);
    given().get("/api/posts/nonsense").then().statusCode(404);
    given().get("/api/posts").then().body("data.id", hasItem(post.id().toString()));
  }

  @Test
  void pages_ofAStory_escapeAndShowIt() {
    String slug = stream();
    Post post = publish(slug, "Tom & <b>Jerry</b>");

    for (String path : List.of("/", "/streams/" + slug, "/stories/" + post.id())) {
      given()
          .header("accept", "text/html")
          .get(path)
          .then()
          .statusCode(200)
          .header("content-security-policy", containsString("script-src 'self'"))
          .body(containsString("Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;"));
    }
  }

  @Test
  void pages_missing_areTold() {
    given()
        .header("accept", "text/html")
        .get("/streams/no-such-stream")
        .then()
        .statusCode(404)
        .body(containsString("There is no such stream"));
    given().header("accept", "text/html").get("/nowhere").then().statusCode(404);
    given().header("accept", "text/html").get("/streams").then().statusCode(200);
  }

  @Test
  void withdrawn_story_isGoneEverywhere() {
    String slug = stream();
    Post post = publish(slug, "Gone soon");
    posts.withdraw(post.id()).await().atMost(SOON);

    given().get("/api/streams/" + slug + "/posts").then().body("data", hasSize(0));
    given().get("/api/posts/" + post.id()).then().statusCode(404);
    given().header("accept", "text/html").get("/stories/" + post.id()).then().statusCode(410);
  }

  private String stream() {
    String name = "Stream " + UUID.randomUUID();
    return streams.create(null, name, StreamKind.TOPIC).await().atMost(SOON).slug();
  }

  private Post publish(String slug, String title) {
    Draft draft = new Draft("article", title, "Short", "Body", null, List.of(slug), false, true);
    return posts.create(draft).await().atMost(SOON);
  }
}

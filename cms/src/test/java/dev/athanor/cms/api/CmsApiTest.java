package dev.athanor.cms.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class CmsApiTest {
  private static final String PROBLEM = "application/problem+json";
  private static final String STORY =
      """
      {"type":"article","title":"Late winner","summary":"In stoppage time","body":"It was late.",
       "streams":["football"],"breaking":false,"publish":true}
      """;

  @Test
  void post_right_isCreatedAndFound() {
    Response created = editor().body(STORY).post("/api/cms/posts");

    created
        .then()
        .statusCode(201)
        .contentType("application/json")
        .header("location", startsWith("/api/cms/posts/"))
        .body("title", equalTo("Late winner"))
        .body("status", equalTo("published"))
        .body("published_at", notNullValue());
    editor().get(created.header("location")).then().statusCode(200);
    editor()
        .get("/api/cms/posts")
        .then()
        .body("data.id", hasItem(created.jsonPath().getString("id")));
  }

  @Test
  void post_changedAndWithdrawn_followsItsLife() {
    String path =
        editor().body(STORY.replace("true}", "false}")).post("/api/cms/posts").header("location");

    editor().get(path).then().body("status", equalTo("draft")).body("published_at", nullValue());
    editor()
        .body(
            "{\"type\":\"link\",\"url\":\"https://example.org/x\",\"summary\":null,\"publish\":true}")
        .patch(path)
        .then()
        .statusCode(200)
        .body("type", equalTo("link"))
        .body("summary", nullValue())
        .body("title", equalTo("Late winner"))
        .body("status", equalTo("published"));
    editor().delete(path).then().statusCode(204);
    editor().delete(path).then().statusCode(204);
    editor().get(path).then().body("status", equalTo("withdrawn"));
    editor().body("{\"title\":\"Back\"}").patch(path).then().statusCode(404);
  }

  @Test
  void credentials_missingOrWrong_areRefused() {
    given()
        .contentType("application/json")
        .body(STORY)
        .post("/api/cms/posts")
        .then()
        .statusCode(401)
        .contentType(PROBLEM)
        .header("www-authenticate", startsWith("Basic realm="));
    given()
        .auth()
        .preemptive()
        .basic("editor", "wrong")
        .get("/api/cms/posts")
        .then()
        .statusCode(401);
    given().header("authorization", "Basic %%%").get("/api/cms/posts").then().statusCode(401);
  }

  @Test
  void json_broken_tellsLineAndColumn() {
    editor()
        .body("{\"type\":\"article\",\n \"title\" \"x\"}")
        .post("/api/cms/posts")
        .then()
        .statusCode(400)
        .contentType(PROBLEM)
        .body("line", equalTo(2))
        .body("column", notNullValue());
    editor().body("").post("/api/cms/posts").then().statusCode(400);
    editor().body("[]").post("/api/cms/posts").then().statusCode(400);
    editor()
        .body("{} {}")
        .post("/api/cms/posts")
        .then()
        .statusCode(400)
        .body("detail", startsWith("Expected the end after the first JSON value, got more"));
    editor()
        .body("{\"title\":\"a\",\"title\":\"b\"}")
        .post("/api/cms/posts")
        .then()
        .statusCode(400);
    editor().body("[".repeat(100_000)).post("/api/cms/posts").then().statusCode(400);
  }

  @Test
  void text_withWhatTheDatabaseRefuses_isCleanedOrRefusedByField() {
    editor()
        .body(STORY.replace("\"football\"", "\"football\",\"foot\\u0000ball\""))
        .post("/api/cms/posts")
        .then()
        .statusCode(422)
        .body("errors[0].field", equalTo("streams[1]"));
    editor()
        .body("{\"name\":\"Zero\\u0000 and \\ud800 half\",\"slug\":\"zero-and-half\"}")
        .post("/api/cms/streams")
        .then()
        .statusCode(201)
        .body("name", equalTo("Zero and \ufffd half"));
    editor().body("{\"name\":\"\\u0000\"}").post("/api/cms/streams").then().statusCode(422);
  }

  @Test
  void body_compressed_isRefused() {
    editor()
        .header("content-encoding", "gzip")
        .body(STORY)
        .post("/api/cms/posts")
        .then()
        .statusCode(415)
        .contentType(PROBLEM);
  }

  @Test
  void fields_unknownOrOfWrongType_areAllTold() {
    editor()
        .body(
            "{\"type\":\"article\",\"titel\":\"x\",\"body\":5,\"streams\":[\"football\",7],"
                + "\"breaking\":\"yes\",\"id\":\"1\"}")
        .post("/api/cms/posts")
        .then()
        .statusCode(400)
        .contentType(PROBLEM)
        .body("errors.field", hasItem("titel"))
        .body("errors.find { it.field == 'titel' }.expected", containsString("did you mean title"))
        .body("errors.find { it.field == 'body' }.got", equalTo("the number 5"))
        .body("errors.find { it.field == 'streams[1]' }.expected", equalTo("a string"))
        .body("errors.find { it.field == 'breaking' }.expected", equalTo("true or false"))
        .body("errors.find { it.field == 'id' }.expected", containsString("server"));
  }

  @Test
  void content_invalid_isToldByFieldAndNotStored() {
    int before = editor().get("/api/cms/posts?limit=100").jsonPath().getList("data").size();

    editor()
        .body(
            "{\"type\":\"video\",\"title\":\"\",\"url\":\"ftp://x\",\"streams\":[\"fotball\"],\"publish\":true}")
        .post("/api/cms/posts")
        .then()
        .statusCode(422)
        .contentType(PROBLEM)
        .body("errors.field", hasItem("title"))
        .body("errors.field", hasItem("url"))
        .body("errors.expected", hasItem(containsString("football")));
    editor()
        .body("{\"type\":\"podcast\",\"title\":\"x\"}")
        .post("/api/cms/posts")
        .then()
        .statusCode(422)
        .body("errors[0].field", equalTo("type"))
        .body("errors[0].expected", containsString("article"));

    assertThat(editor().get("/api/cms/posts?limit=100").jsonPath().getList("data")).hasSize(before);
  }

  @Test
  void body_tooLarge_is413() {
    editor()
        .body("{\"title\":\"" + "x".repeat(1 << 20) + "\"}")
        .post("/api/cms/posts")
        .then()
        .statusCode(413)
        .contentType(PROBLEM)
        .body("limit", equalTo(1 << 20));
  }

  @Test
  void request_ofWrongShape_isRefusedAsProblem() {
    given()
        .auth()
        .preemptive()
        .basic("editor", PASSWORD)
        .contentType("application/xml")
        .body("<a/>")
        .post("/api/cms/posts")
        .then()
        .statusCode(415)
        .contentType(PROBLEM);
    editor().put("/api/cms/posts").then().statusCode(405).header("allow", "GET, HEAD, POST");
    editor().header("accept", "text/csv").get("/api/cms/posts").then().statusCode(406);
    editor().get("/api/cms/nothing").then().statusCode(404).contentType(PROBLEM);
    editor().get("/api/cms/posts/" + UUID.randomUUID()).then().statusCode(404);
    editor().get("/api/cms/posts/nonsense").then().statusCode(404);
    editor().get("/api/cms/posts?status=lost").then().statusCode(400);
    editor()
        .header("origin", "https://elsewhere.example")
        .body(STORY)
        .post("/api/cms/posts")
        .then()
        .statusCode(403);
  }

  @Test
  void stream_madeTwice_isOne() {
    String name = "Curling " + UUID.randomUUID();
    String body = "{\"name\":\"" + name + "\",\"kind\":\"topic\"}";

    String location =
        editor()
            .body(body)
            .post("/api/cms/streams")
            .then()
            .statusCode(201)
            .extract()
            .header("location");
    editor()
        .body(body)
        .post("/api/cms/streams")
        .then()
        .statusCode(200)
        .header("location", location);
    editor().body("{\"slug\":\"x\"}").post("/api/cms/streams").then().statusCode(422);
    editor()
        .body("{\"name\":\"x\",\"kind\":\"y\"}")
        .post("/api/cms/streams")
        .then()
        .statusCode(422);
  }

  @Test
  void feed_broughtTwice_isOne() {
    String name = "Cup " + UUID.randomUUID();
    String file =
        "{\"name\":\""
            + name
            + "\",\"matches\":[{\"date\":\"2022-11-20\",\"team1\":\"Alpha\","
            + "\"team2\":\"Beta\",\"score\":{\"ft\":[1,0]},\"goals1\":[{\"name\":\"X\",\"minute\":5}]},"
            + "{\"team1\":\"Gamma\",\"team2\":\"Delta\"}]}";
    String path = "/api/cms/feeds?format=openfootball&speed=100000";

    Response first = editor().body(file).post(path);
    first
        .then()
        .statusCode(201)
        .body("totals.matches", equalTo(2))
        .body("totals.no_result", equalTo(1));
    Response second = editor().body(file).post(path);
    second.then().statusCode(200).header("location", first.header("location"));
    editor()
        .get(first.header("location"))
        .then()
        .statusCode(200)
        .body("name", equalTo(name))
        .body("matches", hasSize(2))
        .body("matches.find { it.team1 == 'Alpha' }.status", notNullValue())
        .body("matches.find { it.team1 == 'Gamma' }.status", equalTo("no_result"));
  }

  @Test
  void feed_wrong_isRefused() {
    String path = "/api/cms/feeds?format=openfootball";
    editor().body("{}").post("/api/cms/feeds?format=csv").then().statusCode(400);
    editor().body("{}").post("/api/cms/feeds").then().statusCode(400);
    editor().body("{}").post(path + "&speed=0").then().statusCode(400);
    editor()
        .body("{}")
        .post(path + "&sped=5")
        .then()
        .statusCode(400)
        .body("detail", containsString("did you mean speed"));
    editor()
        .body("{\"name\":\"L\",\"matches\":[{\"team1\":\"A\"}]}")
        .post(path)
        .then()
        .statusCode(422)
        .body("errors[0].field", equalTo("matches[0].team2"));
    editor().body("{\"name\":").post(path).then().statusCode(400).body("line", equalTo(1));
    editor().get("/api/cms/feeds/" + UUID.randomUUID()).then().statusCode(404);
  }

  static final String PASSWORD = "a-long-test-password";

  private static RequestSpecification editor() {
    return given().auth().preemptive().basic("editor", PASSWORD).contentType("application/json");
  }
}

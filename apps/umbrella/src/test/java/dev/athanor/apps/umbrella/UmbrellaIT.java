package dev.athanor.apps.umbrella;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The main path through the packaged umbrella. */
@QuarkusIntegrationTest
@TestProfile(UmbrellaIT.OwnData.class)
class UmbrellaIT {
  /** Data of its own below target, and a known password. */
  public static final class OwnData implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "athanor.home", "target/athanor-it",
          "athanor.editor.password", Desk.PASSWORD,
          "quarkus.management.port", "0");
    }
  }

  @Test
  void package_publishAndRead_servesPagesAndJson() {
    String location =
        given()
            .auth()
            .preemptive()
            .basic("editor", Desk.PASSWORD)
            .contentType("application/json")
            .body(
                """
                {"type":"link","title":"The draw","url":"https://example.org/draw",
                 "streams":["transfers","news"],"publish":true}
                """)
            .post("/api/cms/posts")
            .then()
            .statusCode(201)
            .extract()
            .header("Location");
    given()
        .get("/api/streams/transfers/posts")
        .then()
        .statusCode(200)
        .body("data[0].title", equalTo("The draw"));
    given().get("/").then().statusCode(200).body(containsString("The draw"));
    given().get("/streams/news").then().statusCode(200).body(containsString("The draw"));
    given()
        .auth()
        .preemptive()
        .basic("editor", Desk.PASSWORD)
        .delete(location)
        .then()
        .statusCode(204);
  }

  @Test
  void package_feed_playsEveryMatchToItsEnd() {
    String location =
        given()
            .auth()
            .preemptive()
            .basic("editor", Desk.PASSWORD)
            .contentType("application/json")
            .body(
                """
                {"name":"Harbour Cup %d","matches":[
                  {"round":"Final","date":"2025-05-01","time":"18:00",
                   "team1":"Quay Rovers","team2":"Pier United",
                   "score":{"ht":[1,0],"ft":[1,1]},
                   "goals1":[{"name":"Ana Reyes","minute":12}],
                   "goals2":[{"name":"Jo Lund","minute":90,"offset":3}]}]}
                """
                    .formatted(System.nanoTime()))
            .post("/api/cms/feeds?format=openfootball&speed=100000")
            .then()
            .statusCode(201)
            .extract()
            .header("Location");
    await("the match is over")
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                given()
                    .auth()
                    .preemptive()
                    .basic("editor", Desk.PASSWORD)
                    .get(location)
                    .then()
                    .body("totals.finished", equalTo(1)));
    given()
        .get("/api/streams/quay-rovers/posts?limit=5")
        .then()
        .statusCode(200)
        .body("data.type", hasItem("score"))
        .body("data[0].title", containsString("1–1"));
  }
}

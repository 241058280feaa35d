package dev.athanor.cms.desk;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.athanor.domain.campaigns.Campaigns;
import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.PushWork;
import dev.athanor.domain.campaigns.Recipient;
import dev.athanor.domain.readers.DeviceKind;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class CampaignPagesTest {
  @Inject Campaigns campaigns;
  @Inject PushWork work;
  @Inject Pool pool;

  private final String stream = "s" + UUID.randomUUID();

  @Test
  void campaign_watched_showsAudienceAndWhatIsSkipped() {
    devices("apns", 3);
    devices("fcm", 2);
    UUID campaign = begin("Late winner");
    while (await(work.cut(List.of(DeviceKind.APNS)))) {}

    editor()
        .get("/api/cms/campaigns/" + campaign)
        .then()
        .statusCode(200)
        .body("status", equalTo("running"))
        .body("counted", equalTo(true))
        .body("audience", equalTo(5))
        .body("sent", equalTo(0))
        .body("skipped", equalTo(2))
        .body("percent", equalTo(40))
        .body("finished_at", nullValue());
    editor()
        .get("/api/cms/campaigns")
        .then()
        .statusCode(200)
        .body("data.id", hasItem(campaign.toString()));
    String session = DeskTest.session();
    given()
        .cookie(Browser.COOKIE, session)
        .get("/cms/campaigns/" + campaign)
        .then()
        .statusCode(200)
        .header("content-security-policy", containsString("default-src 'none'"))
        .body(containsString("Late winner"))
        .body(containsString("2 devices are skipped"))
        .body(containsString("data-refresh=\"1000\""));
    given()
        .cookie(Browser.COOKIE, session)
        .get("/cms/campaigns")
        .then()
        .statusCode(200)
        .body(containsString("Late winner"));
    await(campaigns.cancel(campaign));
  }

  @Test
  void campaign_underWay_showsHowFarItIsHowFastAndForHowLongStill() {
    devices("apns", 1_000);
    UUID campaign = begin("Extra time");
    while (await(work.cut(List.of(DeviceKind.APNS)))) {}
    Duration lease = Duration.ofMinutes(1);
    PushBatch batch = await(work.claim(DeviceKind.APNS, UUID.randomUUID(), lease));
    List<Long> ids = batch.recipients().stream().map(Recipient::id).toList();
    await(
        work.settle(
            batch,
            new PushBatch.Settled(
                1,
                ids.subList(0, 400),
                ids.subList(400, 470),
                ids.subList(470, 500),
                "not this one"),
            lease));
    run(
        "UPDATE campaign SET active_since = clock_timestamp() - interval '100 s' WHERE id = $1",
        Tuple.of(campaign));

    editor()
        .get("/api/cms/campaigns/" + campaign)
        .then()
        .body("audience", equalTo(1_000))
        .body("sent", equalTo(400))
        .body("dead", equalTo(70))
        .body("refused", equalTo(30))
        .body("percent", equalTo(50))
        .body("per_second", equalTo(5))
        .body("seconds_left", equalTo(100))
        .body("problem", equalTo("not this one"));
    page(DeskTest.session(), campaign)
        .then()
        .body(containsString("<progress max=\"100\" value=\"50\">"))
        .body(containsString("<dd data-audience>1,000</dd>"))
        .body(containsString("<dd data-sent>400</dd>"))
        .body(containsString("<dt>Failed</dt><dd>30</dd>"))
        .body(containsString("<dt>Rate</dt><dd>5 a second</dd>"))
        .body(containsString("<dt>Left</dt><dd>2 min</dd>"))
        .body(containsString("not this one"));
    await(campaigns.cancel(campaign));
  }

  @Test
  void campaign_heldAndEndedOnItsPage_obeys() {
    UUID campaign = begin("Held");
    String session = DeskTest.session();

    act(session, campaign, "pause").then().statusCode(303);
    page(session, campaign)
        .then()
        .body(containsString("Resume"))
        .body(not(containsString("Pause<")));
    act(session, campaign, "resume").then().statusCode(303);
    act(session, campaign, "cancel").then().statusCode(303);
    page(session, campaign)
        .then()
        .body(containsString("cancelled"))
        .body(not(containsString("Cancel now")))
        .body(containsString("data-refresh=\"\""));
    given()
        .cookie(Browser.COOKIE, session)
        .post("/cms/campaigns/" + campaign + "/pause")
        .then()
        .statusCode(403);
  }

  @Test
  void campaign_changedThroughTheApi_obeysUntilItIsOver() {
    UUID campaign = begin("By a program");
    String path = "/api/cms/campaigns/" + campaign;

    change(path, "{\"status\":\"paused\"}", 200).body("status", equalTo("paused"));
    change(path, "{\"status\":\"paused\"}", 200);
    change(path, "{\"status\":\"running\"}", 200).body("status", equalTo("running"));
    change(path, "{\"status\":\"done\"}", 422).body("errors[0].field", equalTo("status"));
    change(path, "{\"state\":\"paused\"}", 400);
    change(path, "{\"status\":\"cancelled\"}", 200).body("status", equalTo("cancelled"));
    change(path, "{\"status\":\"running\"}", 409).body("detail", containsString("cancelled"));
    change("/api/cms/campaigns/" + UUID.randomUUID(), "{\"status\":\"paused\"}", 404);
    given().get(path).then().statusCode(401);
    editor().get("/api/cms/campaigns/none").then().statusCode(404);
  }

  private static ValidatableResponse change(String path, String body, int status) {
    return editor().body(body).patch(path).then().statusCode(status);
  }

  private static Response page(String session, UUID campaign) {
    return given().cookie(Browser.COOKIE, session).get("/cms/campaigns/" + campaign);
  }

  private static Response act(String session, UUID campaign, String what) {
    return given()
        .cookie(Browser.COOKIE, session)
        .redirects()
        .follow(false)
        .formParam("form_token", DeskTest.token(page(session, campaign)))
        .post("/cms/campaigns/" + campaign + "/" + what);
  }

  private static RequestSpecification editor() {
    return given()
        .auth()
        .preemptive()
        .basic("editor", "a-long-test-password")
        .contentType("application/json");
  }

  private UUID begin(String title) {
    UUID id = UUID.randomUUID();
    UUID post = UUID.randomUUID();
    run(
        """
        INSERT INTO post (id, version, type, status, title, breaking, streams,
          published_at, breaking_at, updated_at)
        VALUES ($1, 0, 'article', 'published', $2, true, $3, now(), now(), now())
        """,
        Tuple.of(post, title, new String[] {stream}));
    await(
        pool.withTransaction(
            transaction -> campaigns.begin(transaction, id, post, Duration.ofHours(4))));
    return id;
  }

  private void devices(String kind, int count) {
    run(
        "INSERT INTO stream (slug, name, kind, search) VALUES ($1, $1, 'topic', $1)"
            + " ON CONFLICT DO NOTHING",
        Tuple.of(stream));
    run(
        """
        WITH reader AS MATERIALIZED (
          SELECT gen_random_uuid() AS id FROM generate_series(1, $1::integer)
        ), followed AS (
          INSERT INTO subscription (stream_id, reader_id)
          SELECT stream.id, reader.id FROM reader, stream WHERE slug = $2
        )
        INSERT INTO device (reader_id, kind, token) SELECT id, $3, id::text FROM reader
        """,
        Tuple.of(count, stream, kind));
  }

  private void run(String sql, Tuple parameters) {
    await(pool.preparedQuery(sql).execute(parameters));
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(10));
  }
}

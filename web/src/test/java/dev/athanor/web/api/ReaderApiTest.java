package dev.athanor.web.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import dev.athanor.domain.readers.Subscriptions;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ReaderApiTest {
  /// The browser's key of RFC 8291, appendix A.
  private static final String P256DH =
      "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

  @Inject Subscriptions subscriptions;

  private final Random random = new Random();

  @Test
  void reader_made_isKnownByItsToken() {
    String token = token();

    as(token).get("/api/me/subscriptions").then().statusCode(200).body("data", empty());
  }

  @Test
  void token_missingOrForged_isRefused() {
    given()
        .get("/api/me/subscriptions")
        .then()
        .statusCode(401)
        .header("www-authenticate", containsString("Bearer"))
        .contentType("application/problem+json");
    String token = token();
    String forged = token.substring(0, token.length() - 2) + (token.endsWith("AA") ? "BB" : "AA");
    as(forged).get("/api/me/subscriptions").then().statusCode(401);
    as("nonsense").put("/api/me/subscriptions/news").then().statusCode(401);
  }

  @Test
  void stream_followedAndLeft_isInTheListAndNoMore() {
    String token = token();

    as(token).put("/api/me/subscriptions/tennis").then().statusCode(204);
    as(token).put("/api/me/subscriptions/tennis").then().statusCode(204);
    as(token).put("/api/me/subscriptions/football").then().statusCode(204);
    as(token)
        .get("/api/me/subscriptions")
        .then()
        .body("data.slug", contains("football", "tennis"))
        .body("data[0].name", equalTo("Football"))
        .body("data[0].kind", equalTo("topic"));

    as(token).delete("/api/me/subscriptions/tennis").then().statusCode(204);
    as(token).delete("/api/me/subscriptions/tennis").then().statusCode(204);
    as(token).get("/api/me/subscriptions").then().body("data.slug", contains("football"));
    as(token()).get("/api/me/subscriptions").then().body("data", empty());
  }

  @Test
  void stream_followedAndLeftAtOnce_isNeverTooMany() {
    UUID reader = UUID.randomUUID();
    List<Uni<Void>> changes = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      changes.add(subscriptions.follow(reader, "tennis"));
      changes.add(subscriptions.leave(reader, "tennis"));
    }

    assertThatNoException()
        .isThrownBy(
            () -> Uni.join().all(changes).andFailFast().await().atMost(Duration.ofSeconds(20)));
  }

  @Test
  void stream_unknown_isAProblemWithASuggestion() {
    as(token())
        .put("/api/me/subscriptions/fotball")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("did_you_mean", equalTo("football"));
    as(token()).delete("/api/me/subscriptions/fotball").then().statusCode(404);
  }

  @Test
  void device_registeredTwice_isTheSame() {
    String token = token();
    String body = "{\"kind\":\"apns\",\"token\":\"" + hex() + "\"}";

    String id = device(token, body).statusCode(201).extract().path("id");
    device(token, body).statusCode(200).body("id", equalTo(id)).body("kind", equalTo("apns"));
    String shouted = body.toUpperCase(Locale.ROOT).replace("KIND", "kind");
    device(token, shouted.replace("TOKEN", "token").replace("APNS", "apns"))
        .statusCode(200)
        .body("id", equalTo(id));
  }

  @Test
  void device_registeredByAnother_changesHands() {
    String first = token();
    String second = token();
    String body = "{\"kind\":\"fcm\",\"token\":\"fcm-token-" + hex() + "\"}";

    String id = device(first, body).statusCode(201).extract().path("id");
    device(second, body).statusCode(200).body("id", equalTo(id));

    as(first).delete("/api/me/devices/" + id).then().statusCode(404);
    as(second).delete("/api/me/devices/" + id).then().statusCode(204);
    as(second).delete("/api/me/devices/" + id).then().statusCode(404);
  }

  @Test
  void device_ofABrowser_isTakenWithItsKeys() {
    String endpoint = "https://push.example.org/" + hex();
    device(token(), browser(endpoint, P256DH, "BTBZMqHH6r4Tts7J_aSIgg")).statusCode(201);
  }

  @Test
  void device_wrong_isToldFieldByField() {
    String token = token();
    device(token, browser("http://push.example.org/1", "AAAA", "short"))
        .statusCode(422)
        .contentType("application/problem+json")
        .body("errors.field", contains("endpoint", "keys.p256dh", "keys.auth"));
    String offCurve = P256DH.substring(0, 80) + "AAAAAAA";
    device(token, browser("https://push.example.org/1", offCurve, "BTBZMqHH6r4Tts7J_aSIgg"))
        .statusCode(422)
        .body("errors.field", contains("keys.p256dh"));
    device(token, "{\"kind\":\"apn\"}")
        .statusCode(422)
        .body("errors[0].expected", containsString("did you mean apns?"));
    device(token, "{\"kind\":\"apns\",\"token\":\"xyz\"}")
        .statusCode(422)
        .body("errors[0].got", equalTo("\"xyz\""));
    device(token, "{\"kind\":\"fcm\",\"tokn\":\"x\",\"keys\":{\"p256\":1}}")
        .statusCode(400)
        .body("errors.field", contains("tokn", "keys.p256"));
    device(token, "{\"kind\":\"apns\",\"endpoint\":\"https://a.example\"}")
        .statusCode(422)
        .body("errors.field", contains("endpoint"));
    device(token, browser("https://push.example.org:99999/1", P256DH, "BTBZMqHH6r4Tts7J_aSIgg"))
        .statusCode(422)
        .body("errors.field", contains("endpoint"));
    device(token, "{").statusCode(400).body("line", equalTo(1));
  }

  @Test
  void device_bodyTooLargeOrOfAnotherType_isRefused() {
    String token = token();
    device(token, "{\"kind\":\"" + "a".repeat(9_000) + "\"}")
        .statusCode(413)
        .contentType("application/problem+json");
    as(token).contentType("text/plain").body("{}").post("/api/me/devices").then().statusCode(415);
    as(token)
        .contentType("application/json")
        .header("content-encoding", "gzip")
        .body("{}")
        .post("/api/me/devices")
        .then()
        .statusCode(415);
  }

  @Test
  void devices_overTheLimit_areRefused() {
    String token = token();
    for (int i = 0; i < 20; i++) {
      device(token, "{\"kind\":\"apns\",\"token\":\"" + hex() + "\"}").statusCode(201);
    }
    device(token, "{\"kind\":\"apns\",\"token\":\"" + hex() + "\"}")
        .statusCode(422)
        .body("title", equalTo("These are too many devices"));
  }

  @Test
  void changes_tooMany_areHeldBack() {
    String token = token();
    Response answer = as(token).delete("/api/me/subscriptions/tennis");
    for (int i = 0; i < 300 && answer.statusCode() == 204; i++) {
      answer = as(token).delete("/api/me/subscriptions/tennis");
    }

    answer.then().statusCode(429).header("retry-after", matchesPattern("[1-9][0-9]*"));
  }

  @Test
  void methods_others_areToldWhatIsAllowed() {
    given().get("/api/readers").then().statusCode(405).header("allow", "POST");
    as(token()).post("/api/me/subscriptions/news").then().statusCode(405);
    as(token()).get("/api/me/nothing").then().statusCode(404);
  }

  private static String token() {
    return given().post("/api/readers").then().statusCode(201).extract().path("token");
  }

  private static RequestSpecification as(String token) {
    return given().header("Authorization", "Bearer " + token);
  }

  private static ValidatableResponse device(String token, String body) {
    return as(token).contentType("application/json").body(body).post("/api/me/devices").then();
  }

  private static String browser(String endpoint, String key, String auth) {
    return """
    {"kind":"webpush","endpoint":"%s","keys":{"p256dh":"%s","auth":"%s"}}\
    """
        .formatted(endpoint, key, auth);
  }

  private String hex() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}

package dev.athanor.processor.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.Recipient;
import dev.athanor.domain.readers.Device;
import dev.athanor.processor.push.PushConnection;
import dev.athanor.processor.push.PushOutcome;
import dev.athanor.processor.push.PushOutcome.Whom;
import dev.athanor.processor.push.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FcmConnectionTest {
  private static final PushBatch.Story STORY =
      new PushBatch.Story(UUID.randomUUID(), "Late winner", "1-0", Instant.now());
  private static final PrivateKey KEY = Settings.rsaKeys().getPrivate();
  private static final String UNREGISTERED =
      """
      {"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND",
       "details":[{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError",
                   "errorCode":"UNREGISTERED"}]}}
      """;

  private final Vertx vertx = Vertx.vertx();
  private volatile int status = 200;
  private volatile String answer = "{}";
  private volatile String path = "";
  private volatile String silent = "";
  private volatile String authorization = "";
  private volatile Buffer asked = Buffer.buffer();
  private HttpServer stand;

  @BeforeEach
  void standIn() {
    stand =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void push_taken_goesToTheProject() {
    assertThat(push(endpoint())).isEqualTo(PushOutcome.DELIVERED);

    assertThat(path).isEqualTo("/v1/projects/athanor/messages:send");
    assertThat(authorization).isEqualTo("Bearer a");
    JsonObject message = new JsonObject(asked).getJsonObject("message");
    assertThat(message.getString("token")).isEqualTo("token");
    assertThat(message.getJsonObject("notification"))
        .isEqualTo(new JsonObject().put("title", "Late winner").put("body", "1-0"));
  }

  @Test
  void push_sameStoryAgain_isShownOnce() {
    push(endpoint());

    JsonObject android = new JsonObject(asked).getJsonObject("message").getJsonObject("android");
    assertThat(android.getString("collapse_key")).isEqualTo(STORY.post().toString());
    assertThat(android.getJsonObject("notification").getString("tag"))
        .isEqualTo(STORY.post().toString());
    assertThat(android.getString("ttl")).isEqualTo("14400s");
  }

  @Test
  void push_endpointWithASlash_goesToTheSameAddress() {
    assertThat(push(endpoint() + "/")).isEqualTo(PushOutcome.DELIVERED);

    assertThat(path).isEqualTo("/v1/projects/athanor/messages:send");
  }

  @Test
  void push_unregistered_isADeadToken() {
    answer(404, UNREGISTERED);

    assertThat(push(endpoint())).isEqualTo(new PushOutcome.DeadToken("UNREGISTERED"));
  }

  @Test
  void push_anotherNotFound_restsEverybodyAndForgetsNobody() {
    answer(404, "<html>Not Found</html>");
    assertThat(push(endpoint())).satisfies(FcmConnectionTest::restsEverybody);

    answer(404, "{\"error\":{\"code\":404,\"status\":\"NOT_FOUND\"}}");
    assertThat(push(endpoint())).satisfies(FcmConnectionTest::restsEverybody);

    answer(410, "");
    assertThat(push(endpoint())).satisfies(FcmConnectionTest::restsEverybody);
  }

  @Test
  void push_refused_isRefused() {
    answer(403, "{\"error\":{\"details\":[{\"errorCode\":\"SENDER_ID_MISMATCH\"}]}}");

    assertThat(push(endpoint())).isEqualTo(new PushOutcome.Refused("SENDER_ID_MISMATCH"));
  }

  @Test
  void push_beyondTheQuota_waitsAndCountsForNoDevice() {
    answer(429, "{\"error\":{\"details\":[{\"errorCode\":\"QUOTA_EXCEEDED\"}]}}");

    assertThat(push(endpoint()))
        .isEqualTo(
            new PushOutcome.RetryAfter(Duration.ofMinutes(1), Whom.ORIGIN, "QUOTA_EXCEEDED"));
  }

  @Test
  void push_withoutTheRight_restsEverybodyAndGivesNobodyUp() {
    answer(403, "{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\"}}");

    assertThat(push(endpoint())).satisfies(FcmConnectionTest::restsEverybody);
  }

  @Test
  void push_tokenServiceFallsSilent_isLostInTime() throws Exception {
    silent = "/token";
    PushConnection connection =
        new FcmConnection(
            vertx, account(), endpoint(), Duration.ofHours(4), Duration.ofMillis(200));

    assertThat(send(connection).handle((_, failure) -> failure).get(5, TimeUnit.SECONDS))
        .isInstanceOf(TimeoutException.class);
    silent = "";
    assertThat(send(connection).join()).isEqualTo(PushOutcome.DELIVERED);
    connection.close();
  }

  @Test
  void push_serviceFallsSilentWithinItsAnswer_isLostInTime() throws Exception {
    silent = "/v1/projects/athanor/messages:send";
    PushConnection connection =
        new FcmConnection(
            vertx, account(), endpoint(), Duration.ofHours(4), Duration.ofMillis(200));

    assertThat(send(connection).handle((_, failure) -> failure).get(5, TimeUnit.SECONDS))
        .isInstanceOf(TimeoutException.class);
    connection.close();
  }

  private static void restsEverybody(PushOutcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            PushOutcome.RetryAfter.class,
            later -> assertThat(later.whom()).isEqualTo(Whom.EVERYBODY));
  }

  private void answer(int with, String body) {
    status = with;
    answer = body;
  }

  private void handle(HttpServerRequest request) {
    if (request.path().equals(silent)) {
      request.response().setChunked(true).write("{");
      return;
    }
    if (request.path().equals("/token")) {
      request.response().end("{\"access_token\":\"a\",\"expires_in\":3600}");
      return;
    }
    path = request.path();
    authorization = request.getHeader("authorization");
    request
        .body()
        .onSuccess(
            body -> {
              asked = body;
              request.response().setStatusCode(status).end(answer);
            });
  }

  private String endpoint() {
    return "http://127.0.0.1:" + stand.actualPort();
  }

  private PushOutcome push(String endpoint) {
    PushConnection connection =
        new FcmConnection(vertx, account(), endpoint, Duration.ofHours(4), FcmConnection.PATIENCE);
    try {
      return send(connection).join();
    } finally {
      connection.close();
    }
  }

  private static CompletableFuture<PushOutcome> send(PushConnection connection) {
    return connection
        .push(UUID.randomUUID(), STORY, new Recipient(1, new Device.Fcm("token")))
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS);
  }

  private ServiceAccount account() {
    return new ServiceAccount("athanor", "push@athanor.example", KEY, endpoint() + "/token");
  }
}

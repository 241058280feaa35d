package dev.athanor.processor.fcm;

import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.Recipient;
import dev.athanor.processor.push.HttpAnswers;
import dev.athanor.processor.push.PushConnection;
import dev.athanor.processor.push.PushOutcome;
import dev.athanor.processor.push.PushOutcome.DeadToken;
import dev.athanor.processor.push.PushOutcome.Refused;
import dev.athanor.processor.push.PushOutcome.RetryAfter;
import dev.athanor.processor.push.PushOutcome.Whom;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One HTTP/2 connection to FCM and the access token it sends with, which is fetched when the first
/// push needs it and again before it is too old.
final class FcmConnection implements PushConnection {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration EARLY = Duration.ofMinutes(5);

  /// How long to wait for quota where FCM does not say, in its own words.
  private static final Duration QUOTA = Duration.ofMinutes(1);

  private final ServiceAccount account;
  private final String address;
  private final Duration timeToLive;
  private final Duration patience;
  private final HttpClient client;
  private final HttpClient tokens;

  /// Guarded by this.
  private @Nullable Future<Access> access;

  /// @param patience how long an answer may take, its body included
  FcmConnection(
      Vertx vertx,
      ServiceAccount account,
      String endpoint,
      Duration timeToLive,
      Duration patience) {
    this.account = account;
    this.address =
        endpoint.replaceFirst("/+$", "") + "/v1/projects/" + account.project() + "/messages:send";
    this.timeToLive = timeToLive;
    this.patience = patience;
    boolean secure = endpoint.startsWith("https:");
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setUseAlpn(secure)
                .setSsl(secure)
                .setHttp2ClearTextUpgrade(false)
                .setConnectTimeout(10_000)
                .setHttp2MaxPoolSize(1));
    this.tokens = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(10_000));
  }

  private record Access(String token, Instant until) {}

  @Override
  public CompletionStage<PushOutcome> push(UUID id, PushBatch.Story story, Recipient recipient) {
    Buffer body = message(story, recipient.device().address());
    return access()
        .compose(
            granted ->
                client.request(
                    new RequestOptions()
                        .setAbsoluteURI(address)
                        .setMethod(HttpMethod.POST)
                        .setTimeout(patience.toMillis())
                        .putHeader("authorization", "Bearer " + granted.token())
                        .putHeader("content-type", "application/json")))
        .compose(request -> request.send(body))
        .compose(response -> body(response).map(answer -> outcome(response, answer)))
        .toCompletionStage();
  }

  @Override
  public void close() {
    client.close();
    tokens.close();
  }

  private PushOutcome outcome(HttpClientResponse response, Buffer answer) {
    int status = response.statusCode();
    if (status == 200) {
      return PushOutcome.DELIVERED;
    }
    Duration after = HttpAnswers.retryAfter(response.getHeader("retry-after"), Instant.now());
    String reason = reason(answer, status);
    if (status == 401) {
      forget();
      return new RetryAfter(after, Whom.EVERYBODY, reason);
    }
    if (reason.equals("UNREGISTERED")) {
      return new DeadToken(reason);
    }
    if (reason.equals("SENDER_ID_MISMATCH")) {
      return new Refused(reason);
    }
    // Any other 403 is about our rights, any other 404 about the address that we ask: no device
    // has anything to do with it.
    return switch (status) {
      case 403, 404, 410 -> new RetryAfter(after, Whom.EVERYBODY, reason);
      // The project's quota or the device's: it waits, and nobody is given up for it.
      case 429 ->
          new RetryAfter(
              response.getHeader("retry-after") == null ? QUOTA : after, Whom.ORIGIN, reason);
      default -> PushOutcome.ofStatus(status, after, reason);
    };
  }

  /// FCM's own code, else the status.
  private static String reason(Buffer answer, int status) {
    String text = answer.toString(StandardCharsets.UTF_8);
    for (String code :
        new String[] {
          "UNREGISTERED",
          "SENDER_ID_MISMATCH",
          "PERMISSION_DENIED",
          "QUOTA_EXCEEDED",
          "THIRD_PARTY_AUTH_ERROR",
          "INVALID_ARGUMENT",
          "UNAVAILABLE",
          "INTERNAL"
        }) {
      if (text.contains('"' + code + '"')) {
        return code;
      }
    }
    return "status " + status;
  }

  private synchronized Future<Access> access() {
    Future<Access> known = access;
    boolean usable =
        known != null
            && !known.failed()
            && (!known.isComplete() || Instant.now().isBefore(known.result().until()));
    if (known == null || !usable) {
      known = fetch();
      access = known;
    }
    return known;
  }

  private synchronized void forget() {
    Future<Access> known = access;
    if (known != null && known.isComplete()) {
      access = null;
    }
  }

  private Future<Access> fetch() {
    Instant now = Instant.now();
    String form =
        "grant_type="
            + URLEncoder.encode(
                "urn:ietf:params:oauth:grant-type:jwt-bearer", StandardCharsets.UTF_8)
            + "&assertion="
            + account.assertion(now);
    return tokens
        .request(
            new RequestOptions()
                .setAbsoluteURI(account.tokenUri())
                .setMethod(HttpMethod.POST)
                .setTimeout(patience.toMillis())
                .putHeader("content-type", "application/x-www-form-urlencoded"))
        .compose(request -> request.send(Buffer.buffer(form)))
        .compose(
            response ->
                body(response)
                    .map(
                        body -> {
                          if (response.statusCode() != 200) {
                            throw new IllegalStateException(
                                "expected an access token of "
                                    + account.tokenUri()
                                    + ", got status "
                                    + response.statusCode());
                          }
                          JsonObject json = body.toJsonObject();
                          return new Access(
                              json.getString("access_token"),
                              now.plusSeconds(json.getLong("expires_in", 3600L)).minus(EARLY));
                        }));
  }

  /// The client's own limit ends with the head of an answer.
  private Future<Buffer> body(HttpClientResponse response) {
    return response
        .body()
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(_ -> response.request().reset());
  }

  /// The collapse key lets the service keep one of several, the tag the device show one of several.
  private Buffer message(PushBatch.Story story, String token) {
    JsonObject notification = new JsonObject().put("title", story.title());
    if (story.body() != null) {
      notification.put("body", story.body());
    }
    return new JsonObject()
        .put(
            "message",
            new JsonObject()
                .put("token", token)
                .put("notification", notification)
                .put("data", new JsonObject().put("story", story.post().toString()))
                .put(
                    "android",
                    new JsonObject()
                        .put("priority", "HIGH")
                        .put("collapse_key", story.post().toString())
                        .put("ttl", timeToLive.toSeconds() + "s")
                        .put("notification", new JsonObject().put("tag", story.post().toString()))))
        .toBuffer();
  }
}

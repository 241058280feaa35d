package dev.athanor.processor.webpush;

import com.zerodeplibs.webpush.MessageEncryption;
import com.zerodeplibs.webpush.MessageEncryptions;
import com.zerodeplibs.webpush.PushMessage;
import com.zerodeplibs.webpush.UserAgentMessageEncryptionKeyInfo;
import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.Recipient;
import dev.athanor.domain.readers.Device;
import dev.athanor.processor.outbound.Outbound;
import dev.athanor.processor.push.HttpAnswers;
import dev.athanor.processor.push.PushConnection;
import dev.athanor.processor.push.PushOutcome;
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
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// A client for the push services of browsers: HTTP/2 where they speak it. Messages are encrypted
/// on worker threads, each for its browser alone. Whatever ails one push service, other browsers
/// hang on others: an origin in trouble rests, and its browsers are answered unasked meanwhile.
final class WebPushConnection implements PushConnection {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ENOUGH = 4;

  private final Vertx vertx;
  private final Outbound outbound;
  private final Origins origins;
  private final Vapid vapid;
  private final Duration timeToLive;
  private final boolean plain;
  private final HttpClient client;

  WebPushConnection(
      Vertx vertx,
      Outbound outbound,
      Origins origins,
      Vapid vapid,
      Duration timeToLive,
      boolean plain) {
    this.vertx = vertx;
    this.outbound = outbound;
    this.origins = origins;
    this.vapid = vapid;
    this.timeToLive = timeToLive;
    this.plain = plain;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setUseAlpn(!plain)
                .setSsl(!plain)
                .setHttp2ClearTextUpgrade(false)
                .setConnectTimeout(10_000)
                .setMaxPoolSize(ENOUGH)
                .setHttp2MaxPoolSize(1)
                .setIdleTimeout(60));
  }

  @Override
  public CompletionStage<PushOutcome> push(UUID id, PushBatch.Story story, Recipient recipient) {
    if (!(recipient.device() instanceof Device.WebPush device)) {
      throw new IllegalArgumentException("expected a browser, got " + recipient.device());
    }
    URI endpoint = URI.create(device.endpoint());
    if (!plain && !"https".equals(endpoint.getScheme())) {
      return CompletableFuture.completedStage(new Refused("endpoint is not https"));
    }
    String origin = endpoint.getScheme() + "://" + endpoint.getAuthority();
    Origins.Leave leave = origins.ask(origin, System.nanoTime());
    if (leave.rest().isPositive()) {
      return CompletableFuture.completedStage(
          new RetryAfter(leave.rest(), Whom.ORIGIN, origin + " is in trouble"));
    }
    return encrypt(device, story)
        .compose(
            body -> ask(endpoint, story, body).map(outcome -> told(origin, leave, outcome)),
            _ -> Future.succeededFuture(new Refused("no message can be encrypted for it")))
        .toCompletionStage();
  }

  private Future<PushOutcome> ask(URI endpoint, PushBatch.Story story, Buffer body) {
    return Future.fromCompletionStage(outbound.server(endpoint).subscribeAsCompletionStage())
        .compose(server -> send(server, endpoint, story, body))
        .otherwise(WebPushConnection::failed);
  }

  /// What concerns everybody concerns the browsers of this origin.
  private PushOutcome told(String origin, Origins.Leave leave, PushOutcome outcome) {
    if (outcome instanceof RetryAfter(var wait, var whom, var reason) && whom == Whom.EVERYBODY) {
      Duration rest = origins.failed(origin, leave, wait, System.nanoTime());
      return new RetryAfter(rest, Whom.ORIGIN, reason);
    }
    origins.answered(origin);
    return outcome;
  }

  @Override
  public void close() {
    client.close();
  }

  @SuppressWarnings("NullAway") // the work never answers null
  private Future<Buffer> encrypt(Device.WebPush device, PushBatch.Story story) {
    return vertx.executeBlocking(
        () -> {
          MessageEncryption encryption = MessageEncryptions.of();
          return Buffer.buffer(
              encryption
                  .encrypt(
                      UserAgentMessageEncryptionKeyInfo.of(device.p256dh(), device.auth()),
                      PushMessage.ofUTF8(message(story)))
                  .toBytes());
        },
        false);
  }

  private Future<PushOutcome> send(
      SocketAddress server, URI endpoint, PushBatch.Story story, Buffer body) {
    String path = endpoint.getRawPath().isEmpty() ? "/" : endpoint.getRawPath();
    String query = endpoint.getRawQuery() == null ? "" : "?" + endpoint.getRawQuery();
    RequestOptions request =
        new RequestOptions()
            .setServer(server)
            .setHost(endpoint.getHost())
            .setPort(server.port())
            .setMethod(HttpMethod.POST)
            .setURI(path + query)
            .setTimeout(PATIENCE.toMillis())
            .putHeader("authorization", authorization(endpoint))
            .putHeader("ttl", Long.toString(timeToLive.toSeconds()))
            .putHeader("urgency", "high")
            .putHeader("topic", topic(story.post()))
            .putHeader("content-encoding", "aes128gcm")
            .putHeader("content-type", "application/octet-stream");
    return client.request(request).compose(open -> open.send(body)).map(WebPushConnection::outcome);
  }

  private synchronized String authorization(URI endpoint) {
    return vapid.authorization(endpoint, Instant.now());
  }

  private static PushOutcome outcome(HttpClientResponse response) {
    Duration after = HttpAnswers.retryAfter(response.getHeader("retry-after"), Instant.now());
    return PushOutcome.ofStatus(response.statusCode(), after, "status " + response.statusCode());
  }

  private static PushOutcome failed(Throwable cause) {
    return cause instanceof Outbound.Forbidden
        ? new Refused("endpoint is not on the public internet")
        : new RetryAfter(Duration.ZERO, Whom.EVERYBODY, String.valueOf(cause.getMessage()));
  }

  private static String message(PushBatch.Story story) {
    return new JsonObject()
        .put("story", story.post().toString())
        .put("title", story.title())
        .put("body", story.body())
        .encode();
  }

  /// A push service keeps one message of a topic for a browser: at most 32 characters of base64url.
  private static String topic(UUID post) {
    ByteBuffer bytes = ByteBuffer.allocate(16);
    bytes.putLong(post.getMostSignificantBits()).putLong(post.getLeastSignificantBits());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }
}

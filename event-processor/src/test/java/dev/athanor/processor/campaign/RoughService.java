package dev.athanor.processor.campaign;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// A stand-in for FCM and for browsers' push services on HTTP/2 that refuses, delays, resets
/// streams, drops connections and says GOAWAY in an order that its seed has shuffled: of 300
/// devices 100 meet one of these at their first push, each of them some, and none at the second. It
/// keeps its own record of whom it has told that their push is taken.
final class RoughService implements AutoCloseable {
  private static final long REFUSED_STREAM = 7;
  private static final long CANCEL = 8;

  private final Vertx vertx = Vertx.vertx();
  private final Random random;
  private final int shrink;
  private final Deque<Fault> deck = new ArrayDeque<>();
  private final Set<String> met = ConcurrentHashMap.newKeySet();
  private final Map<Fault, Integer> happened = new ConcurrentHashMap<>();
  private final Map<String, Integer> taken = new ConcurrentHashMap<>();
  private final HttpServer server;

  RoughService(long seed) {
    this(seed, 1);
  }

  /// For so many times fewer devices.
  RoughService(long seed, int shrink) {
    this.random = new Random(seed);
    this.shrink = shrink;
    this.server =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  String address() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /// What has happened, and how often.
  Map<Fault, Integer> happened() {
    return happened;
  }

  /// Who was told that the push is taken, and how often.
  Map<String, Integer> taken() {
    return taken;
  }

  /// What a device can meet, and how many of 300 do.
  enum Fault {
    TOO_MANY(40),
    UNAVAILABLE(10),
    STREAM_CANCELLED(10),
    STREAM_REFUSED(10),
    GOAWAY(3),
    DROPPED(3),
    DELAYED(24),
    NONE(200);

    private final int share;

    Fault(int share) {
      this.share = share;
    }
  }

  private void handle(HttpServerRequest request) {
    if (request.path().equals("/token")) {
      request.response().end("{\"access_token\":\"a\",\"expires_in\":3600}");
      return;
    }
    if (request.path().startsWith("/push/")) {
      request.body().onSuccess(_ -> push(request, request.path().substring("/push/".length())));
      return;
    }
    request
        .body()
        .onSuccess(
            body ->
                push(request, new JsonObject(body).getJsonObject("message").getString("token")));
  }

  private void push(HttpServerRequest request, String token) {
    HttpConnection connection = request.connection();
    if (token.endsWith("7")) {
      request
          .response()
          .setStatusCode(request.path().startsWith("/push/") ? 410 : 404)
          .end("{\"error\":{\"details\":[{\"errorCode\":\"UNREGISTERED\"}]}}");
      return;
    }
    Fault fault = met.add(token) ? next() : Fault.NONE;
    happened.merge(fault, 1, Integer::sum);
    switch (fault) {
      case TOO_MANY -> request.response().setStatusCode(429).putHeader("retry-after", "0").end();
      case UNAVAILABLE -> request.response().setStatusCode(503).putHeader("retry-after", "0").end();
      case STREAM_CANCELLED -> request.response().reset(CANCEL);
      case STREAM_REFUSED -> request.response().reset(REFUSED_STREAM);
      case GOAWAY -> {
        connection.goAway(0);
        connection.shutdown(1, TimeUnit.SECONDS);
        take(request, token);
      }
      case DROPPED -> connection.close();
      case DELAYED -> vertx.setTimer(1 + random.nextInt(40), _ -> take(request, token));
      case NONE -> take(request, token);
    }
  }

  /// One event loop asks.
  private Fault next() {
    if (deck.isEmpty()) {
      List<Fault> cards = new ArrayList<>();
      for (Fault fault : Fault.values()) {
        cards.addAll(Collections.nCopies(Math.max(1, fault.share / shrink), fault));
      }
      Collections.shuffle(cards, random);
      deck.addAll(cards);
    }
    return deck.remove();
  }

  private void take(HttpServerRequest request, String token) {
    request.response().end("{}").onSuccess(_ -> taken.merge(token, 1, Integer::sum));
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

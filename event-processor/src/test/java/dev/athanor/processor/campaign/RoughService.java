package dev.athanor.processor.campaign;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A stand-in for FCM on HTTP/2 that refuses, delays, resets streams, drops connections and says
/// GOAWAY as its seed has it: about a third of all devices meet one of these at their first push,
/// and none at the second.
final class RoughService implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final Random random;
  private final Set<String> met = ConcurrentHashMap.newKeySet();
  private final AtomicInteger goAways = new AtomicInteger();
  private final AtomicInteger drops = new AtomicInteger();
  private final HttpServer server;

  RoughService(long seed) {
    this.random = new Random(seed);
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

  int goAways() {
    return goAways.get();
  }

  int drops() {
    return drops.get();
  }

  private void handle(HttpServerRequest request) {
    if (request.path().equals("/token")) {
      request.response().end("{\"access_token\":\"a\",\"expires_in\":3600}");
      return;
    }
    request.body().onSuccess(body -> push(request, body));
  }

  private void push(HttpServerRequest request, Buffer body) {
    String token = new JsonObject(body).getJsonObject("message").getString("token");
    HttpConnection connection = request.connection();
    if (token.endsWith("7")) {
      request
          .response()
          .setStatusCode(404)
          .end("{\"error\":{\"details\":[{\"errorCode\":\"UNREGISTERED\"}]}}");
      return;
    }
    int chance = met.add(token) ? random.nextInt(300) : 299;
    if (chance < 40) {
      request.response().setStatusCode(429).end();
    } else if (chance < 50) {
      request.response().setStatusCode(503).putHeader("retry-after", "0").end();
    } else if (chance < 80) {
      request.response().reset(2);
    } else if (chance < 90) {
      request.response().reset(7);
    } else if (chance < 93) {
      goAways.incrementAndGet();
      connection.goAway(0);
      connection.shutdown(1, TimeUnit.SECONDS);
      request.response().end("{}");
    } else if (chance < 96) {
      drops.incrementAndGet();
      connection.close();
    } else if (chance < 140) {
      vertx.setTimer(1 + chance % 20, _ -> request.response().end("{}"));
    } else {
      request.response().end("{}");
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

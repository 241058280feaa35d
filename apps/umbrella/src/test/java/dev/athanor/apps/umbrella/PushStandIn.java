package dev.athanor.apps.umbrella;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A browsers' push service, and Google's for phones, over HTTP/2: takes everything and counts for
 * whom it was.
 */
final class PushStandIn implements AutoCloseable {
  private final Map<String, AtomicInteger> pushes = new ConcurrentHashMap<>();
  private final Set<String> collapseIds = ConcurrentHashMap.newKeySet();
  private final Set<String> phones = ConcurrentHashMap.newKeySet();
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server =
      vertx
          .createHttpServer()
          .requestHandler(this::take)
          .listen(0, "127.0.0.1")
          .toCompletionStage()
          .toCompletableFuture()
          .join();

  String address() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  void awaitPushes(int count) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(2))
        .until(() -> devices() >= count);
  }

  int devices() {
    return pushes.size();
  }

  /** How many pushes were not the first of their device. */
  int repeated() {
    return pushes.values().stream().mapToInt(AtomicInteger::get).sum() - devices();
  }

  Set<String> collapseIds() {
    return collapseIds;
  }

  /** The phones that were pushed to, by their tokens. */
  Set<String> phones() {
    return phones;
  }

  private void take(HttpServerRequest request) {
    if (request.path().equals("/token")) {
      request.response().end("{\"access_token\":\"a\",\"expires_in\":3600}");
      return;
    }
    if (request.path().startsWith("/v1/projects/")) {
      request
          .body()
          .onSuccess(
              body -> {
                phones.add(new JsonObject(body).getJsonObject("message").getString("token"));
                request.response().end("{}");
              });
      return;
    }
    collapseIds.add(String.valueOf(request.getHeader("Topic")));
    pushes.computeIfAbsent(request.path(), _ -> new AtomicInteger()).incrementAndGet();
    request.response().setStatusCode(201).end();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}

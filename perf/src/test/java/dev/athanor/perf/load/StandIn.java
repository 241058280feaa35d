package dev.athanor.perf.load;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// As much of Athanor as the meter needs: joins, published posts pushed to all who joined, and a
/// fault on request.
final class StandIn implements AutoCloseable {
  enum Fault {
    NONE,
    ONE_READER_LEFT_OUT,
    EVERY_FRAME_TWICE,
    JOINS_REFUSED
  }

  private final Vertx vertx = Vertx.vertx();
  private final Fault fault;
  private final HttpServer server;
  private final List<ServerWebSocket> readers = new ArrayList<>();
  private final AtomicInteger withdrawn = new AtomicInteger();
  private int posts;

  StandIn(Fault fault) throws Exception {
    this.fault = fault;
    this.server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .webSocketHandler(this::connected)
            .requestHandler(this::requested)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  int withdrawn() {
    return withdrawn.get();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void connected(ServerWebSocket socket) {
    socket.textMessageHandler(
        text -> {
          JsonArray frame = new JsonArray(text);
          if (frame.getString(3).equals("phx_join")) {
            boolean refused = fault == Fault.JOINS_REFUSED;
            reply(socket, frame, refused ? "error" : "ok");
            if (!refused) {
              readers.add(socket);
            }
          }
        });
  }

  private static void reply(ServerWebSocket socket, JsonArray frame, String status) {
    socket.writeTextMessage(
        new JsonArray()
            .add(frame.getString(0))
            .add(frame.getString(1))
            .add(frame.getString(2))
            .add("phx_reply")
            .add(new JsonObject().put("status", status).put("response", new JsonObject()))
            .encode());
  }

  private void requested(HttpServerRequest request) {
    if (request.method().equals(HttpMethod.DELETE)) {
      withdrawn.incrementAndGet();
      request.response().setStatusCode(204).end();
      return;
    }
    request
        .body()
        .onSuccess(
            body -> {
              JsonObject post = body.toJsonObject().put("id", "post-" + ++posts);
              String frame =
                  new JsonArray()
                      .addNull()
                      .addNull()
                      .add("stream:" + post.getJsonArray("streams").getString(0))
                      .add("post")
                      .add(post)
                      .encode();
              for (int i = fault == Fault.ONE_READER_LEFT_OUT ? 1 : 0; i < readers.size(); i++) {
                readers.get(i).writeTextMessage(frame);
                if (fault == Fault.EVERY_FRAME_TWICE) {
                  readers.get(i).writeTextMessage(frame);
                }
              }
              request.response().setStatusCode(201).end(post.encode());
            });
  }
}

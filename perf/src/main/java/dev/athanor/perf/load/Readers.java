package dev.athanor.perf.load;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// A crowd of readers: WebSocket connections that joined one topic over the Phoenix V2 protocol.
/// All of them live on one event loop, so that their clocks are read in the order of arrival.
final class Readers {
  private static final int CONNECTING = 64;
  private static final long HEARTBEAT_MILLIS = 30_000;

  private final Vertx vertx;
  private final WebSocketClient client;
  private final URI url;
  private final String topic;
  private final int count;
  private final List<WebSocket> sockets = new ArrayList<>();
  private final ConcurrentMap<String, Publication> expected = new ConcurrentHashMap<>();
  private final AtomicLong repeated = new AtomicLong();

  Readers(Vertx vertx, URI url, String topic, int count) {
    this.vertx = vertx;
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setMaxConnections(count)
                .setMaxFrameSize(1 << 20)
                .setMaxMessageSize(1 << 22));
    this.url = url;
    this.topic = topic;
    this.count = count;
  }

  /// Connects and joins all readers, a few at a time.
  void join(Duration within) throws Exception {
    Promise<Void> joined = Promise.promise();
    vertx.getOrCreateContext().runOnContext(start -> joinFrom(0, joined));
    joined
        .future()
        .toCompletionStage()
        .toCompletableFuture()
        .get(within.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Readers will be timed on the story with this title, from now on.
  Publication expect(String title) {
    Publication publication = new Publication(count);
    expected.put(title, publication);
    return publication;
  }

  void forget(String title) {
    expected.remove(title);
  }

  /// How many frames came to a reader that already had the same story.
  long repeated() {
    return repeated.get();
  }

  void close() throws Exception {
    client.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void joinFrom(int first, Promise<Void> joined) {
    if (first >= count) {
      vertx.setPeriodic(HEARTBEAT_MILLIS, tick -> sockets.forEach(Readers::heartbeat));
      joined.complete();
      return;
    }
    int next = Math.min(count, first + CONNECTING);
    List<Future<Void>> batch = new ArrayList<>();
    for (int reader = first; reader < next; reader++) {
      batch.add(connect(reader));
    }
    Future.all(batch).onSuccess(all -> joinFrom(next, joined)).onFailure(joined::fail);
  }

  private Future<Void> connect(int reader) {
    return client
        .connect(url.getPort(), url.getHost(), "/socket/websocket?vsn=2.0.0")
        .compose(
            socket -> {
              Promise<Void> joined = Promise.promise();
              socket.textMessageHandler(text -> receive(reader, text, joined));
              socket.closeHandler(
                  closed ->
                      joined.tryFail(
                          "reader %d was closed with status %s"
                              .formatted(reader, socket.closeStatusCode())));
              sockets.add(socket);
              socket.writeTextMessage(
                  new JsonArray()
                      .add("1")
                      .add("1")
                      .add(topic)
                      .add("phx_join")
                      .add(new JsonObject())
                      .encode());
              return joined.future();
            });
  }

  private void receive(int reader, String text, Promise<Void> joined) {
    long at = System.nanoTime();
    JsonArray frame = new JsonArray(text);
    if (!topic.equals(frame.getString(2))) {
      return;
    }
    String event = frame.getString(3);
    if (event.equals("phx_reply") && "1".equals(frame.getString(1))) {
      JsonObject reply = frame.getJsonObject(4);
      if ("ok".equals(reply.getString("status"))) {
        joined.tryComplete();
      } else {
        joined.tryFail("the join of %s was refused: %s".formatted(topic, reply.encode()));
      }
    } else if (event.equals("post")) {
      String title = frame.getJsonObject(4).getString("title");
      Publication publication = title == null ? null : expected.get(title);
      if (publication != null && !publication.receive(reader, at)) {
        repeated.incrementAndGet();
      }
    }
  }

  private static void heartbeat(WebSocket socket) {
    if (!socket.isClosed()) {
      socket.writeTextMessage("[null,\"h\",\"phoenix\",\"heartbeat\",{}]");
    }
  }
}

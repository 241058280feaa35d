package dev.athanor.otp.channels;

import dev.athanor.otp.channels.presence.Presence;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.vertx.VertxScheduler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// A server with the demo channel on a free port: what the scenarios and the clients talk to.
final class DemoServer implements AutoCloseable {
  /// Vert.x gives servers that ask for this one the same free port, and their loops take turns.
  private static final int ANY_PORT = -1;

  final Vertx vertx = Vertx.vertx();
  final VertxScheduler scheduler = new VertxScheduler(vertx);
  final Node node = Node.on(scheduler);
  final PubSub pubSub = new PubSub(node);
  final Presence presence = Presence.builder(node, pubSub).build();
  final Endpoint endpoint;
  private final HttpServer http;

  /// How many processes there are without any channel.
  private final int besides;

  DemoServer() throws Exception {
    this(builder -> builder);
  }

  DemoServer(UnaryOperator<Endpoint.Builder> more) throws Exception {
    this(ANY_PORT, more);
  }

  DemoServer(int port, UnaryOperator<Endpoint.Builder> more) throws Exception {
    presence.start().toCompletableFuture().get(10, TimeUnit.SECONDS).orThrow();
    besides = node.processCount();
    endpoint =
        more.apply(
                Endpoint.builder(node, pubSub)
                    .channel("room:*", () -> new RoomChannel(presence))
                    .connect(DemoServer::connect)
                    .limits(Limits.DEFAULT.withMaxChannels(5)))
            .build();
    http = listen(port);
  }

  /// Half of the connections from now on are another event loop's.
  void listenOnAnotherLoop() throws Exception {
    listen(ANY_PORT);
  }

  private HttpServer listen(int port) throws Exception {
    return vertx
        .createHttpServer()
        .requestHandler(
            request -> {
              if (request.path().startsWith("/kick/")) {
                endpoint.disconnect("user:" + request.path().substring(6));
                request.response().end();
              } else {
                endpoint.handle(request);
              }
            })
        .listen(port, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private static Connect connect(ConnectInfo info) {
    if (info.param("deny") != null) {
      return Connect.refuse();
    }
    String user = info.param("user");
    return user == null
        ? Connect.accept()
        : Connect.accept("user:" + user, Map.<String, Object>of("user", user));
  }

  /// How many channels there are.
  int channels() {
    return node.processCount() - besides;
  }

  int port() {
    return http.actualPort();
  }

  @Override
  public void close() {
    endpoint.close();
    node.close();
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    scheduler.close();
  }
}

package dev.athanor.perf.load;

import dev.athanor.otp.channels.Answer;
import dev.athanor.otp.channels.Channel;
import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.vertx.VertxScheduler;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server with one channel, for load: topics `room:*`, where the event `shout` is broadcast to
/// everybody with its payload and `ping` is answered with it.
///
/// It listens on 127.0.0.1 at `/socket/websocket`, on `--loops` event loops and with epoll where
/// the machine has it (`--transport nio` for without), and runs until it is ended.
public final class ChannelServer {
  private static final Map<String, String> DEFAULTS =
      Map.of("port", "18090", "loops", "2", "transport", "native");

  private ChannelServer() {}

  /// Starts the server and says so on the standard output.
  ///
  /// @param args options as `--name value`; see the type
  /// @throws Exception if the port is taken
  public static void main(String[] args) throws Exception {
    Options options = Options.of(args, DEFAULTS);
    int port = options.number("port", 1, 65_535);
    int loops = options.number("loops", 1, 64);
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(loops)
                .setPreferNativeTransport(options.text("transport").equals("native")));
    Node node = Node.on(new VertxScheduler(vertx));
    Endpoint endpoint =
        Endpoint.builder(node, new PubSub(node)).channel("room:*", Lobby::new).build();
    vertx
        .deployVerticle(() -> new Loop(port, endpoint), new DeploymentOptions().setInstances(loops))
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    Output.standard()
        .line(
            "channels on ws://127.0.0.1:%d/socket/websocket, %d loops, %s"
                .formatted(port, loops, vertx.isNativeTransportEnabled() ? "epoll" : "nio"));
  }

  private static final class Loop extends AbstractVerticle {
    private final int port;
    private final Endpoint endpoint;

    private Loop(int port, Endpoint endpoint) {
      this.port = port;
      this.endpoint = endpoint;
    }

    @Override
    public void start(Promise<Void> started) {
      HttpServerOptions options =
          new HttpServerOptions()
              .setHost("127.0.0.1")
              .setPort(port)
              .setAcceptBacklog(4096)
              .setHttp2ClearTextEnabled(false)
              .setPerMessageWebSocketCompressionSupported(false)
              .setPerFrameWebSocketCompressionSupported(false);
      vertx
          .createHttpServer(options)
          .requestHandler(endpoint)
          .listen()
          .<Void>mapEmpty()
          .onComplete(started);
    }
  }

  /// The channel.
  private static final class Lobby extends Channel {
    @Override
    protected JoinResult onJoin(String topic, Payload params) {
      return JoinResult.ok();
    }

    @Override
    protected Answer handleIn(String event, Payload payload) throws Exception {
      return switch (event) {
        case "ping" -> Answer.ok(payload);
        case "shout" -> {
          broadcast("shout", payload);
          yield Answer.none();
        }
        default -> super.handleIn(event, payload);
      };
    }
  }
}

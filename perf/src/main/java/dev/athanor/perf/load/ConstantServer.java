package dev.athanor.perf.load;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The least a server on this stack can do: answers every request with the same JSON body of
/// `--bytes` bytes, from as many event loops as there are cores, on 127.0.0.1. What it reaches is
/// the ceiling for any page of that size here; nothing of Athanor is in it. Runs until it is ended.
public final class ConstantServer {
  private static final Map<String, String> DEFAULTS = Map.of("port", "18080", "bytes", "4096");

  private ConstantServer() {}

  /// Starts the server and says so on the standard output.
  ///
  /// @param args options as `--name value`; see the type
  /// @throws Exception if the port is taken
  public static void main(String[] args) throws Exception {
    Options options = Options.of(args, DEFAULTS);
    int port = options.number("port", 1, 65_535);
    int bytes = options.number("bytes", 2, 1 << 24);
    Buffer body = Buffer.buffer("\"" + "x".repeat(bytes - 2) + "\"");
    int loops = Runtime.getRuntime().availableProcessors();
    Vertx.vertx()
        .deployVerticle(() -> new Loop(port, body), new DeploymentOptions().setInstances(loops))
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    Output.standard()
        .line("constant body of %d bytes on http://127.0.0.1:%d".formatted(bytes, port));
  }

  private static final class Loop extends AbstractVerticle {
    private final int port;
    private final Buffer body;

    private Loop(int port, Buffer body) {
      this.port = port;
      this.body = body;
    }

    @Override
    public void start(Promise<Void> started) {
      String length = String.valueOf(body.length());
      vertx
          .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(port))
          .requestHandler(
              request ->
                  request
                      .response()
                      .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                      .putHeader(HttpHeaders.CONTENT_LENGTH, length)
                      .end(body))
          .listen()
          .<Void>mapEmpty()
          .onComplete(started);
    }
  }
}

package dev.athanor.otp.channels.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.transport.Transport;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> measured = new LinkedBlockingQueue<>();
  private final CompletableFuture<Channel> channel = new CompletableFuture<>();
  private final Vertx vertx =
      Vertx.builder()
          .with(new VertxOptions().setMetricsOptions(new MetricsOptions().setEnabled(true)))
          .withMetrics(options -> new Metrics())
          .build();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Test
  void accept_upgraded_nothingOfHttpStays() throws Exception {
    HttpServer server = serve();
    try (Socket client = open(server)) {
      channel.get(10, TimeUnit.SECONDS);
      assertThat(client.isConnected()).isTrue();
      assertThat(names()).containsExactly("athanor-websocket");
    }
  }

  @Test
  void accept_serverCloses_theConnectionEnds() throws Exception {
    HttpServer server = serve();
    try (Socket client = open(server)) {
      channel.get(10, TimeUnit.SECONDS);
      server.close();
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("closed 1006");
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void accept_metrics_seeTheRequestEndOnce() throws Exception {
    HttpServer server = serve();
    try (Socket client = open(server)) {
      channel.get(10, TimeUnit.SECONDS);
      assertThat(client.isConnected()).isTrue();
    }
    assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("closed 1006");
    server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(measured)
        .containsExactly("connected", "begin GET", "answered 101", "ended", "disconnected");
  }

  private List<String> names() throws Exception {
    Channel open = channel.get();
    CompletableFuture<List<String>> names = new CompletableFuture<>();
    open.eventLoop()
        .execute(
            () ->
                names.complete(
                    open.pipeline().names().stream()
                        .filter(name -> !name.startsWith("DefaultChannelPipeline"))
                        .toList()));
    return names.get(10, TimeUnit.SECONDS);
  }

  private HttpServer serve() throws Exception {
    return vertx
        .createHttpServer(new HttpServerOptions().setIdleTimeout(60))
        .requestHandler(this::accept)
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private void accept(HttpServerRequest request) {
    Handshake.accept(
        request,
        null,
        1024,
        new WriteBufferWaterMark(1024, 2048),
        new Transport.Listener() {
          @Override
          public void onMessage(byte[] message, boolean binary) {
            heard.add(new String(message, UTF_8));
          }

          @Override
          public void onClosed(int code) {
            heard.add("closed " + code);
          }

          @Override
          public void onOverflow(long waiting) {
            heard.add("overflow");
          }
        },
        opened -> channel.complete(((ConnectionBase) request.connection()).channel()));
  }

  /// Sends the request and returns once it was answered with 101.
  private static Socket open(HttpServer server) throws Exception {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    client.setSoTimeout(10_000);
    byte[] request =
        String.join(
                "\r\n",
                "GET / HTTP/1.1",
                "Host: 127.0.0.1",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "",
                "")
            .getBytes(UTF_8);
    client.getOutputStream().write(request);
    StringBuilder answer = new StringBuilder();
    InputStream in = client.getInputStream();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) in.read());
    }
    assertThat(answer.toString())
        .startsWith("HTTP/1.1 101 ")
        .containsIgnoringCase("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    return client;
  }

  /// Writes down what the server tells its metrics.
  private final class Metrics implements VertxMetrics, HttpServerMetrics<String, Void, String> {
    @Override
    public HttpServerMetrics<?, ?, ?> createHttpServerMetrics(
        HttpServerOptions options, SocketAddress localAddress) {
      return this;
    }

    @Override
    public String connected(SocketAddress remoteAddress, String remoteName) {
      measured.add("connected");
      return "connection";
    }

    @Override
    public void disconnected(@Nullable String connection, SocketAddress remoteAddress) {
      measured.add("disconnected");
    }

    @Override
    public String requestBegin(@Nullable String connection, HttpRequest request) {
      measured.add("begin " + request.method());
      return "request";
    }

    @Override
    public void responseBegin(@Nullable String request, HttpResponse response) {
      measured.add("answered " + response.statusCode());
    }

    @Override
    public void responseEnd(
        @Nullable String request, @Nullable HttpResponse response, long bytesWritten) {
      measured.add("ended");
    }
  }
}

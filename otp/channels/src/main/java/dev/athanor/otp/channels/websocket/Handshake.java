package dev.athanor.otp.channels.websocket;

import dev.athanor.otp.channels.transport.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.NetSocketInternal;
import io.vertx.core.net.impl.VertxHandler;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The opening handshake of RFC 6455 on a Vert.x request, and the change of the pipeline after it.
/// To be used on the request's event loop.
public final class Handshake {
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private Handshake() {}

  /// Tells whether a request asks for a WebSocket of the version everybody speaks.
  ///
  /// @param request the request
  /// @return false for plain HTTP and for a malformed handshake
  public static boolean isAsked(HttpServerRequest request) {
    String key = request.getHeader("Sec-WebSocket-Key");
    return request.method().equals(HttpMethod.GET)
        && "websocket".equalsIgnoreCase(request.getHeader("Upgrade"))
        && "13".equals(request.getHeader("Sec-WebSocket-Version"))
        && key != null
        && key.length() == 24;
  }

  /// Accepts. The connection stops being HTTP at once.
  ///
  /// @param request a request that [#isAsked]
  /// @param protocol the sub-protocol to answer with, one of those offered; null for none
  /// @param maxMessage how many bytes a message may have
  /// @param outbound how many bytes may wait to be sent: the high mark
  /// @param listener what happens on the connection
  /// @param opened takes the connection, before anything can arrive on it
  public static void accept(
      HttpServerRequest request,
      @Nullable String protocol,
      int maxMessage,
      WriteBufferWaterMark outbound,
      Transport.Listener listener,
      Consumer<WebSocket> opened) {
    var headers =
        request
            .response()
            .headers()
            .set("Upgrade", "websocket")
            .set("Connection", "Upgrade")
            .set(
                "Sec-WebSocket-Accept",
                answer(String.valueOf(request.getHeader("Sec-WebSocket-Key"))));
    if (protocol != null) {
      headers.set("Sec-WebSocket-Protocol", protocol);
    }
    request
        .toNetSocket()
        .onSuccess(
            socket -> {
              ChannelHandlerContext ctx = ((NetSocketInternal) socket).channelHandlerContext();
              WebSocket webSocket = new WebSocket(listener, maxMessage);
              webSocket.limitOutbound(ctx.channel(), outbound);
              ctx.pipeline().addBefore(ctx.name(), "athanor-websocket", webSocket);
              leaveHttp(ctx);
              opened.accept(webSocket);
            });
  }

  /// Speaks WebSocket on a channel that needs no handshake: one without a network, for tests.
  ///
  /// @param channel an open channel
  /// @param maxMessage how many bytes a message may have
  /// @param outbound how many bytes may wait to be sent: the high mark
  /// @param listener what happens on the connection
  /// @return the connection; nothing has arrived on it yet
  public static WebSocket skip(
      Channel channel, int maxMessage, WriteBufferWaterMark outbound, Transport.Listener listener) {
    WebSocket webSocket = new WebSocket(listener, maxMessage);
    webSocket.limitOutbound(channel, outbound);
    channel.pipeline().addLast("athanor-websocket", webSocket);
    return webSocket;
  }

  /// Takes Vert.x out of the pipeline: its connection, request and response would stay in memory
  /// for as long as the WebSocket. To its metrics this is the end of request and connection, so it
  /// is told as much. The server still closes the channel when it is closed itself.
  private static void leaveHttp(ChannelHandlerContext ctx) {
    ChannelPipeline pipeline = ctx.pipeline();
    pipeline.remove(ctx.handler());
    if (pipeline.get("idle") != null) {
      pipeline.remove("idle");
    }
    if (ctx.handler() instanceof VertxHandler<?> vertx) {
      vertx.channelInactive(ctx);
    }
  }

  private static String answer(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + MAGIC).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}

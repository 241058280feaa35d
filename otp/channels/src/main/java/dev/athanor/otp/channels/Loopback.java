package dev.athanor.otp.channels;

import dev.athanor.otp.channels.websocket.Handshake;
import dev.athanor.otp.channels.wire.Serializer;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Pid;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// A connection to an endpoint without a network and without a handshake: the client's end of it,
/// in the same process. Everything behind the handshake is the real thing, frames included, so that
/// what a test sees is what a client would get. `channels.testing` is made of it.
///
/// Its methods may be called from any thread; messages arrive in the order they were sent. It lives
/// on an event loop of the node's scheduler, and under the deterministic scheduler only moves when
/// the test lets it.
///
/// Shared between threads: `outgoing` (a concurrent queue, emptied on the loop).
public final class Loopback {
  /// What the client hears, on the event loop.
  public interface Ear {
    /// A message came.
    ///
    /// @param frame its bytes, the receiver's to keep
    /// @param binary whether it is a binary frame; otherwise it is UTF-8 text
    void onFrame(byte[] frame, boolean binary);

    /// The server ended the connection, or [Loopback#close] did.
    ///
    /// @param code why, as the client is told; 1006 when it was not
    void onClosed(int code);
  }

  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int NORMAL = 1000;
  private static final int BROKEN = 1006;

  private final Lane lane;
  private final Session session;
  private final Ear ear;
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Queue<ByteBuf> outgoing = new ConcurrentLinkedQueue<>();
  private boolean over;

  private Loopback(Endpoint endpoint, Crew crew, Serializer serializer, Socket socket, Ear ear) {
    this.lane = crew.lane;
    this.ear = ear;
    this.session = new Session(endpoint, crew, FrameEncoder.webSocket(serializer), socket);
  }

  /// Opens a connection, as the handshake would: the application's `connect` decides.
  ///
  /// @param endpoint where to
  /// @param info what the client says of itself; its parameter `vsn` chooses the serializer
  /// @param ear what hears the client's messages
  /// @return the open connection, or null when the application refused it or the endpoint is
  ///   closed; failed when the application failed
  public static CompletionStage<@Nullable Loopback> open(
      Endpoint endpoint, ConnectInfo info, Ear ear) {
    Serializer serializer = Serializer.forVersion(info.param("vsn"));
    if (serializer == null) {
      throw new IllegalArgumentException(
          "expected vsn 1.x or 2.x, got '" + info.param("vsn") + "'");
    }
    CompletableFuture<@Nullable Loopback> opened = new CompletableFuture<>();
    endpoint
        .node()
        .scheduler()
        .lane(Kind.EVENT_LOOP)
        .execute(
            () -> {
              try {
                if (!endpoint.isOpen()) {
                  opened.complete(null);
                  return;
                }
                Crew crew = endpoint.crew();
                proceed(endpoint, crew, serializer, endpoint.connect.apply(info), ear, opened);
              } catch (RuntimeException failure) {
                opened.completeExceptionally(failure);
              }
            });
    return opened;
  }

  private static void proceed(
      Endpoint endpoint,
      Crew crew,
      Serializer serializer,
      Connect answer,
      Ear ear,
      CompletableFuture<@Nullable Loopback> opened) {
    switch (answer) {
      case Connect.Refused() -> opened.complete(null);
      case Connect.Accepted(var id, var assigns) -> {
        if (!endpoint.isOpen()) { // since it was asked
          opened.complete(null);
          return;
        }
        Loopback line = new Loopback(endpoint, crew, serializer, new Socket(id, assigns), ear);
        line.connect(endpoint);
        opened.complete(line);
      }
      case Connect.Later(var later) ->
          later.whenComplete(
              (known, failure) ->
                  crew.run(
                      () -> {
                        if (failure != null) {
                          opened.completeExceptionally(failure);
                        } else {
                          Connect decided = Objects.requireNonNull(known, "connect decided null");
                          proceed(endpoint, crew, serializer, decided, ear, opened);
                        }
                      }));
    }
  }

  private void connect(Endpoint endpoint) {
    channel.pipeline().addLast(new Client());
    session.opened(
        Handshake.skip(channel, endpoint.limits().maxFrame(), endpoint.outbound, session));
    endpoint.reports.event("athanor.socket.connected", session);
  }

  /// Sends a text message.
  ///
  /// @param message the text
  public void send(String message) {
    send(TEXT, message.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends a binary message.
  ///
  /// @param message the bytes
  public void send(byte[] message) {
    send(BINARY, message.clone());
  }

  /// Says goodbye, as a page that is left does.
  public void close() {
    send(CLOSE, new byte[] {(byte) (NORMAL >> 8), (byte) NORMAL});
  }

  /// The process of a channel this connection has joined.
  ///
  /// @param topic the topic
  /// @return the process, null when it has not joined that topic
  public CompletionStage<@Nullable Pid<Object>> channel(String topic) {
    CompletableFuture<@Nullable Pid<Object>> found = new CompletableFuture<>();
    lane.execute(
        () -> {
          ChannelProcess process = session.find(topic);
          found.complete(process == null ? null : process.pid());
        });
    return found;
  }

  private void send(int opcode, byte[] body) {
    outgoing.add(frame(opcode, body));
    lane.execute(this::transmit);
  }

  private void transmit() {
    for (ByteBuf next = outgoing.poll(); next != null; next = outgoing.poll()) {
      if (channel.isOpen()) {
        channel.writeInbound(next);
        channel.runPendingTasks();
      }
    }
  }

  /// Masked with zeros, as only a client without a network may.
  private static ByteBuf frame(int opcode, byte[] body) {
    int size = body.length;
    ByteBuf frame = Unpooled.buffer(14 + size).writeByte(0x80 | opcode);
    if (size < 126) {
      frame.writeByte(0x80 | size);
    } else if (size < 65536) {
      frame.writeByte(0x80 | 126).writeShort(size);
    } else {
      frame.writeByte(0x80 | 127).writeLong(size);
    }
    return frame.writeInt(0).writeBytes(body);
  }

  /// The client's half of the protocol: takes frames off the pipeline before a network would.
  private final class Client extends ChannelDuplexHandler {
    private int code = BROKEN;

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      ByteBuf frame = (ByteBuf) message;
      try {
        if (frame.isReadable()) {
          take(frame);
        }
      } finally {
        frame.release();
      }
      promise.trySuccess();
    }

    private void take(ByteBuf frame) {
      int opcode = frame.readByte() & 0x0f;
      int size = frame.readByte() & 0x7f;
      frame.skipBytes(size == 126 ? 2 : size == 127 ? 8 : 0);
      byte[] body = new byte[frame.readableBytes()];
      frame.readBytes(body);
      switch (opcode) {
        case TEXT -> ear.onFrame(body, false);
        case BINARY -> ear.onFrame(body, true);
        case CLOSE -> {
          code = body.length < 2 ? BROKEN : (body[0] & 0xff) << 8 | (body[1] & 0xff);
          send(CLOSE, body);
        }
        default -> {}
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      ctx.fireChannelInactive();
      if (!over) {
        over = true;
        ear.onClosed(code);
      }
    }
  }
}

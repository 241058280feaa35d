package dev.athanor.otp.channels.websocket;

import dev.athanor.otp.channels.transport.CloseCode;
import dev.athanor.otp.channels.transport.Transport;
import dev.athanor.otp.channels.transport.Utf8;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection after its handshake: reads the peer's frames and writes ours.
///
/// It is the Netty handler itself. While nothing is on its way it holds no buffer: bytes are kept
/// only when a frame is incomplete, fragments only until their message is whole, and both are
/// bounded by the largest message allowed. Every rule of RFC 6455 the peer breaks closes the
/// connection with the code the RFC names. Everything happens on the connection's event loop, which
/// is also the only thread that may call its methods; all fields are confined to it.
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written ends the connection
public final class WebSocket extends ChannelInboundHandlerAdapter implements Transport {
  private static final int NO_STATUS = 1005;
  private static final int LINGER_SECONDS = 5;

  private final Listener listener;
  private final int maxMessage;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ByteBuf unread;
  private byte @Nullable [] fragments;
  private int held;
  private byte fragmentsOpcode;
  private boolean paused;
  private boolean decoding;
  private boolean closing;
  private boolean told;
  private boolean heard = true; // its handshake was

  WebSocket(Listener listener, int maxMessage) {
    this.listener = listener;
    this.maxMessage = maxMessage;
  }

  void limitOutbound(Channel channel, WriteBufferWaterMark mark) {
    channel.config().setWriteBufferWaterMark(mark);
  }

  // ---- writing ---------------------------------------------------------------------------------

  /// Writes a frame made by [Frames].
  @Override
  public void write(ByteBuf frame) {
    ChannelHandlerContext ctx = context;
    if (ctx == null || closing) {
      frame.release();
      return;
    }
    ctx.write(frame, ctx.voidPromise());
    Channel channel = ctx.channel();
    if (!channel.isWritable()) {
      ctx.flush();
      if (!channel.isWritable()) {
        overflow(ctx);
      }
    }
  }

  @Override
  public void flush() {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      ctx.flush();
    }
  }

  /// A socket that has room takes the bytes straight from the shared buffer: no duplicate of it, no
  /// entry in the queue of the channel. Only what it does not take goes the ordinary way.
  @Override
  public void share(ByteBuf frame) {
    ChannelHandlerContext ctx = context;
    if (ctx == null || closing) {
      return;
    }
    int sent = sendAtOnce(ctx, frame);
    if (sent < frame.readableBytes()) {
      write(frame.retainedSlice(frame.readerIndex() + sent, frame.readableBytes() - sent));
      flush();
    }
  }

  /// How many bytes went out; 0 whenever this is not possible, and when the socket is broken, which
  /// the ordinary way will find out and tell. A channel gives up its queue before it closes its
  /// file descriptor, so with a queue the number still means this connection.
  @SuppressWarnings("ReferenceEquality") // contexts are compared by identity
  private static int sendAtOnce(ChannelHandlerContext ctx, ByteBuf frame) {
    if (ctx.channel() instanceof UnixChannel channel
        && channel.fd() instanceof Socket socket
        && frame.hasMemoryAddress()
        && ctx.pipeline().firstContext() == ctx) {
      ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
      if (queue != null && queue.totalPendingWriteBytes() == 0) {
        try {
          return socket.sendAddress(
              frame.memoryAddress(), frame.readerIndex(), frame.writerIndex());
        } catch (IOException broken) {
          return 0;
        }
      }
    }
    return 0;
  }

  private void overflow(ChannelHandlerContext ctx) {
    if (!closing) {
      closing = true;
      var waiting = ctx.channel().unsafe().outboundBuffer();
      listener.onOverflow(waiting == null ? 0 : waiting.totalPendingWriteBytes());
      tell(CloseCode.POLICY);
      ctx.close();
    }
  }

  /// Says goodbye with this code and reads no further message; the connection ends when the peer
  /// has answered, after five seconds, or by [#abort].
  @Override
  public void close(int code) {
    ChannelHandlerContext ctx = context;
    if (ctx == null || closing) {
      return;
    }
    closing = true;
    sayGoodbye(ctx, code);
    tell(code);
  }

  @Override
  public void abort() {
    closing = true;
    if (context != null) {
      context.close();
    }
  }

  /// The peer has five seconds to answer; then the connection is ended all the same.
  private static void sayGoodbye(ChannelHandlerContext ctx, int code) {
    ByteBuf frame = Frames.begin(ctx.alloc(), 2);
    if (code != NO_STATUS) {
      frame.writeShort(code);
    }
    ctx.writeAndFlush(Frames.finish(frame, Frames.CLOSE), ctx.voidPromise());
    ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
  }

  private void tell(int code) {
    if (!told) {
      told = true;
      listener.onClosed(code);
    }
  }

  // ---- reading ---------------------------------------------------------------------------------

  @Override
  public boolean takeHeard() {
    boolean before = heard;
    heard = false;
    return before;
  }

  /// Whether the goodbye was said and the connection only waits for its end.
  ///
  /// @return true after [#close]
  public boolean isClosing() {
    return closing;
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    ChannelHandlerContext ctx = context;
    if (ctx == null || decoding) {
      return;
    }
    ByteBuf waiting = unread;
    if (waiting != null) {
      unread = null;
      decode(ctx, waiting);
    }
    if (!ctx.channel().config().isAutoRead()) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    gone();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
    ctx.fireChannelInactive();
  }

  private void gone() {
    closing = true;
    context = null;
    fragments = null;
    if (unread != null && !decoding) {
      unread.release();
      unread = null;
    }
    tell(CloseCode.BROKEN);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {}

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf in)) { // the end of the handshake's own request
      ReferenceCountUtil.release(message);
      return;
    }
    ByteBuf before = unread;
    if (before != null) {
      before.discardReadBytes();
      before.writeBytes(in);
      in.release();
      if (paused) {
        if (before.readableBytes() > maxMessage) {
          ctx.channel().config().setAutoRead(false);
        }
        return;
      }
      unread = null;
      decode(ctx, before);
    } else {
      decode(ctx, in);
    }
  }

  /// Takes frame after frame; keeps what is left over.
  private void decode(ChannelHandlerContext ctx, ByteBuf in) {
    decoding = true;
    try {
      while (!paused && context != null && frame(ctx, in)) {
        heard = true;
      }
    } finally {
      decoding = false;
      if (context == null || !in.isReadable()) {
        in.release();
      } else if (in.readerIndex() == 0 && in.maxFastWritableBytes() > 0) {
        unread = in;
      } else {
        unread = ctx.alloc().buffer(in.readableBytes()).writeBytes(in);
        in.release();
      }
    }
  }

  /// Takes one frame; returns false when it is incomplete or the connection is to end.
  private boolean frame(ChannelHandlerContext ctx, ByteBuf in) {
    int available = in.readableBytes();
    if (available < 2) {
      return false;
    }
    int start = in.readerIndex();
    int first = in.getUnsignedByte(start);
    int second = in.getUnsignedByte(start + 1);
    int opcode = first & 0x0f;
    boolean last = (first & 0x80) != 0;
    boolean control = opcode >= Frames.CLOSE;
    long length = second & 0x7f;
    int head = 2;
    if (length == 126) {
      if (available < 4) {
        return false;
      }
      length = in.getUnsignedShort(start + 2);
      head = 4;
    } else if (length == 127) {
      if (available < 10) {
        return false;
      }
      length = in.getLong(start + 2);
      head = 10;
    }
    if ((first & 0x70) != 0
        || (second & 0x80) == 0
        || opcode > Frames.PONG
        || (opcode > Frames.BINARY && !control)
        || (control && (!last || length > 125))
        || (head == 4 && length < 126)
        || (head == 10 && length >= 0 && length < 65536)
        || length < 0
        || (!control && (opcode == Frames.CONTINUATION) != (fragments != null))) {
      return fail(ctx, in, CloseCode.PROTOCOL_ERROR);
    }
    if (!control && (fragments == null ? 0 : held) + length > maxMessage) {
      return fail(ctx, in, CloseCode.TOO_BIG);
    }
    int size = (int) length;
    if (available < head + 4 + size) {
      return false;
    }
    int mask = start + head;
    if (control) {
      byte[] message = new byte[size];
      unmask(in, mask, message, 0, size);
      in.skipBytes(head + 4 + size);
      control(ctx, opcode, message);
    } else if (closing) {
      in.skipBytes(head + 4 + size);
    } else {
      int kind = opcode == Frames.CONTINUATION ? fragmentsOpcode : opcode;
      if (last) {
        byte[] message = whole(in, mask, size);
        in.skipBytes(head + 4 + size);
        data(ctx, in, kind, message);
      } else {
        hold(in, mask, size, kind);
        in.skipBytes(head + 4 + size);
        listener.onFragment();
      }
    }
    return true;
  }

  /// The message, with what came of it before.
  private byte[] whole(ByteBuf in, int mask, int size) {
    byte[] before = fragments;
    int from = before == null ? 0 : held;
    byte[] message = new byte[from + size];
    if (before != null) {
      System.arraycopy(before, 0, message, 0, from);
    }
    unmask(in, mask, message, from, size);
    fragments = null;
    return message;
  }

  /// Keeps a fragment until the rest has come. The room for it doubles when it is full, so that a
  /// message costs as much time as it has bytes, however small its fragments are.
  private void hold(ByteBuf in, int mask, int size, int kind) {
    byte[] room = fragments;
    if (room == null) {
      room = new byte[size];
      held = 0;
      fragmentsOpcode = (byte) kind;
    } else if (held + size > room.length) {
      long doubled = Math.max(held + size, 2L * room.length);
      room = Arrays.copyOf(room, (int) Math.min(doubled, maxMessage));
    }
    unmask(in, mask, room, held, size);
    held += size;
    fragments = room;
  }

  private static void unmask(ByteBuf in, int maskAt, byte[] out, int to, int size) {
    int mask = in.getInt(maskAt);
    in.getBytes(maskAt + 4, out, to, size);
    if (mask == 0) {
      return;
    }
    for (int i = 0; i < size; i++) {
      out[to + i] ^= (byte) (mask >>> (24 - ((i & 3) << 3)));
    }
  }

  private void data(ChannelHandlerContext ctx, ByteBuf in, int kind, byte[] message) {
    if (kind == Frames.TEXT && !Utf8.isValid(message)) {
      fail(ctx, in, CloseCode.NOT_UTF8);
      return;
    }
    try {
      listener.onMessage(message, kind == Frames.BINARY);
    } catch (RuntimeException failure) {
      fail(ctx, in, CloseCode.SERVER_ERROR);
    }
  }

  private void control(ChannelHandlerContext ctx, int opcode, byte[] message) {
    switch (opcode) {
      case Frames.CLOSE -> {
        int code = message.length >= 2 ? (message[0] & 0xff) << 8 | (message[1] & 0xff) : NO_STATUS;
        if (!closing) {
          closing = true;
          sayGoodbye(ctx, message.length == 1 || !isSendable(code) ? 1002 : code);
          tell(code);
        }
        ctx.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER)
            .addListener(ChannelFutureListener.CLOSE);
      }
      case Frames.PING -> {
        listener.onFragment();
        if (!closing) {
          ByteBuf pong = Frames.begin(ctx.alloc(), message.length).writeBytes(message);
          write(Frames.finish(pong, Frames.PONG));
          flush();
        }
      }
      default -> listener.onFragment();
    }
  }

  private static boolean isSendable(int code) {
    return code == NO_STATUS
        || (code >= 1000 && code <= 1014 && code != 1004 && code != CloseCode.BROKEN)
        || (code >= 3000 && code <= 4999);
  }

  /// Says why, drops everything that is still to be read and ends the connection.
  private boolean fail(ChannelHandlerContext ctx, ByteBuf in, int code) {
    in.skipBytes(in.readableBytes());
    fragments = null;
    if (!closing) {
      closing = true;
      sayGoodbye(ctx, code);
      tell(code);
    }
    ctx.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER)
        .addListener(ChannelFutureListener.CLOSE);
    return false;
  }
}

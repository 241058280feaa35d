package dev.athanor.otp.channels;

import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.pubsub.Delivery;
import dev.athanor.otp.channels.websocket.Frames;
import dev.athanor.otp.channels.wire.Serializer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/// How messages become the bytes a transport sends: in one version of the protocol, with the head
/// of a WebSocket frame or bare. What it makes of a broadcast every connection with the same
/// encoder can send as it is.
final class FrameEncoder implements Delivery.Encoder<ByteBuf> {
  private static final FrameEncoder V1 = new FrameEncoder(Serializer.V1, true);
  private static final FrameEncoder V2 = new FrameEncoder(Serializer.V2, true);
  private static final FrameEncoder V1_BARE = new FrameEncoder(Serializer.V1, false);
  private static final FrameEncoder V2_BARE = new FrameEncoder(Serializer.V2, false);

  final Serializer serializer;

  /// The same with numbers: what clients that want to resume receive.
  final FrameEncoder numbered;

  private final boolean framed;

  private FrameEncoder(Serializer serializer, boolean framed) {
    this.serializer = serializer;
    this.framed = framed;
    this.numbered = new FrameEncoder(this);
  }

  @SuppressWarnings("ThisEscapedInObjectConstruction") // it is its own numbered one
  private FrameEncoder(FrameEncoder plain) {
    this.serializer = plain.serializer;
    this.framed = plain.framed;
    this.numbered = this;
  }

  static FrameEncoder webSocket(Serializer serializer) {
    return serializer.equals(Serializer.V2) ? V2 : V1;
  }

  /// For clients that poll: text only.
  static FrameEncoder polling(Serializer serializer) {
    return serializer.equals(Serializer.V2) ? V2_BARE : V1_BARE;
  }

  /// How a number travels: as the `ref` that broadcasts have no use for, in a form no client gives
  /// its own messages.
  static String ref(long offset) {
    return "\"@" + offset + "\"";
  }

  /// A buffer whose writer stands where the message begins.
  ByteBuf begin(int size) {
    return framed
        ? Frames.begin(PooledByteBufAllocator.DEFAULT, size)
        : PooledByteBufAllocator.DEFAULT.heapBuffer(size);
  }

  /// The same buffer, ready to be sent.
  ByteBuf finish(ByteBuf frame, boolean binary) {
    if (framed) {
      return Frames.finish(frame, binary);
    }
    if (binary) {
      throw new IllegalArgumentException(
          "expected a JSON payload for a client that polls, got plain bytes");
    }
    return frame;
  }

  @Override
  public ByteBuf encode(Broadcast message) {
    return encode(message, 0);
  }

  @Override
  public ByteBuf encode(Broadcast message, long offset) {
    ByteBuf frame =
        begin(40 + message.topic().length() + message.event().length() + message.payload().size());
    boolean whole = false;
    try {
      String topic = message.topic();
      boolean binary =
          (numbered == this && offset > 0)
              ? serializer.push(frame, null, ref(offset), topic, message.event(), message.payload())
              : serializer.broadcast(frame, topic, message.event(), message.payload());
      finish(frame, binary);
      whole = true;
      return frame;
    } finally {
      if (!whole) {
        frame.release();
      }
    }
  }

  @Override
  public void release(ByteBuf encoding) {
    encoding.release();
  }
}

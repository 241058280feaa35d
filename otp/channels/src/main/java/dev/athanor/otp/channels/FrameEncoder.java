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
  private static final FrameEncoder V1 = new FrameEncoder(Serializer.V1);
  private static final FrameEncoder V2 = new FrameEncoder(Serializer.V2);

  final Serializer serializer;

  private FrameEncoder(Serializer serializer) {
    this.serializer = serializer;
  }

  static FrameEncoder webSocket(Serializer serializer) {
    return serializer.equals(Serializer.V2) ? V2 : V1;
  }

  /// A buffer whose writer stands where the message begins.
  ByteBuf begin(int size) {
    return Frames.begin(PooledByteBufAllocator.DEFAULT, size);
  }

  /// The same buffer, ready to be sent.
  ByteBuf finish(ByteBuf frame, boolean binary) {
    return Frames.finish(frame, binary);
  }

  @Override
  public ByteBuf encode(Broadcast message) {
    ByteBuf frame =
        begin(32 + message.topic().length() + message.event().length() + message.payload().size());
    boolean whole = false;
    try {
      boolean binary =
          serializer.broadcast(frame, message.topic(), message.event(), message.payload());
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

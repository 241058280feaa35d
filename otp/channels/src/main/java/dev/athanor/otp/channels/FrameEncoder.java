package dev.athanor.otp.channels;

import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.pubsub.Delivery;
import dev.athanor.otp.channels.websocket.Frames;
import dev.athanor.otp.channels.wire.Serializer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/// Makes a broadcast a whole WebSocket frame, head included, that every connection with the same
/// serializer can send as it is.
final class FrameEncoder implements Delivery.Encoder<ByteBuf> {
  static final FrameEncoder V1 = new FrameEncoder(Serializer.V1);
  static final FrameEncoder V2 = new FrameEncoder(Serializer.V2);

  private final Serializer serializer;

  private FrameEncoder(Serializer serializer) {
    this.serializer = serializer;
  }

  @Override
  public ByteBuf encode(Broadcast message) {
    ByteBuf frame =
        Frames.begin(
            PooledByteBufAllocator.DEFAULT,
            32 + message.topic().length() + message.event().length() + message.payload().size());
    boolean whole = false;
    try {
      boolean binary =
          serializer.broadcast(frame, message.topic(), message.event(), message.payload());
      whole = true;
      return Frames.finish(frame, binary);
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

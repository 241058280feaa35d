package dev.athanor.otp.channels.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Makes the frames a server sends: unmasked, in one piece, head and body in one buffer.
///
/// A body is written behind room for the longest head; [#finish] puts the head right before it. The
/// same finished buffer may be written to any number of connections.
public final class Frames {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  private static final int ROOM = 10;

  private Frames() {}

  /// A buffer whose writer stands where the body of a frame begins.
  ///
  /// @param allocator where the memory comes from
  /// @param size how long the body is expected to be; it may grow
  /// @return the buffer, for [#finish]
  public static ByteBuf begin(ByteBufAllocator allocator, int size) {
    return allocator.ioBuffer(ROOM + size).setIndex(ROOM, ROOM);
  }

  /// Puts the head before the body.
  ///
  /// @param frame what [#begin] returned, with the body written
  /// @param binary whether the body is binary; otherwise it is UTF-8 text
  /// @return the same buffer, ready to be written
  public static ByteBuf finish(ByteBuf frame, boolean binary) {
    return finish(frame, binary ? BINARY : TEXT);
  }

  static ByteBuf finish(ByteBuf frame, int opcode) {
    int length = frame.writerIndex() - ROOM;
    if (length < 126) {
      frame.setByte(ROOM - 1, length);
      frame.setByte(ROOM - 2, 0x80 | opcode);
      return frame.readerIndex(ROOM - 2);
    }
    if (length < 65536) {
      frame.setShort(ROOM - 2, length);
      frame.setByte(ROOM - 3, 126);
      frame.setByte(ROOM - 4, 0x80 | opcode);
      return frame.readerIndex(ROOM - 4);
    }
    frame.setLong(ROOM - 8, length);
    frame.setByte(ROOM - 9, 127);
    frame.setByte(ROOM - 10, 0x80 | opcode);
    return frame.readerIndex(0);
  }
}

package dev.athanor.perf.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What a load client sends, made once: the handshake and masked text frames.
final class ClientFrames {
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  private ClientFrames() {}

  static byte[] handshake(int port) {
    return ("GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: 127.0.0.1:"
            + port
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] join(String topic) {
    return text("[\"1\",\"1\",\"" + topic + "\",\"phx_join\",{}]");
  }

  static byte[] heartbeat() {
    return text("[null,\"2\",\"phoenix\",\"heartbeat\",{}]");
  }

  static byte[] ping(String topic) {
    return text("[\"1\",\"3\",\"" + topic + "\",\"ping\",{\"body\":\"" + "x".repeat(64) + "\"}]");
  }

  static byte[] shout(String topic, int number) {
    return text(
        "[\"1\",null,\""
            + topic
            + "\",\"shout\",{\"seq\":"
            + number
            + ",\"body\":\""
            + "x".repeat(64)
            + "\"}]");
  }

  /// One frame of ASCII text, masked as a client must.
  static byte[] text(String text) {
    byte[] body = text.getBytes(StandardCharsets.US_ASCII);
    int head = body.length < 126 ? 2 : 4;
    ByteBuffer frame = ByteBuffer.allocate(head + 4 + body.length);
    frame.put((byte) 0x81);
    if (head == 2) {
      frame.put((byte) (0x80 | body.length));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) body.length);
    }
    frame.put(MASK);
    for (int i = 0; i < body.length; i++) {
      frame.put((byte) (body[i] ^ MASK[i & 3]));
    }
    return frame.array();
  }
}

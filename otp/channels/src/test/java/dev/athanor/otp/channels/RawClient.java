package dev.athanor.otp.channels;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/// A WebSocket client that sends any bytes whatever, several frames in one write if asked, and
/// tells what comes back as lines: a text as it is, `BIN hex`, `CLOSE code`, `HTTP status`, `EOF`.
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final boolean version1;
  final int status;
  final String head;

  RawClient(int port, String query) throws IOException {
    this(port, query, Map.of());
  }

  RawClient(int port, String query, Map<String, String> headers) throws IOException {
    version1 = query.contains("vsn=1");
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    StringBuilder request =
        new StringBuilder("GET /socket/websocket?" + query + " HTTP/1.1\r\n")
            .append("Host: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\n")
            .append("Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n")
            .append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    socket
        .getOutputStream()
        .write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) in.readByte());
    }
    head = answer.toString();
    status = Integer.parseInt(head.substring(9, 12));
  }

  static RawClient join(int port, String topic) throws IOException {
    RawClient client = new RawClient(port, "vsn=2.0.0");
    client.text("[\"1\",\"1\",\"" + topic + "\",\"phx_join\",{}]").send();
    String reply = client.read();
    if (!reply.contains("\"status\":\"ok\"")) {
      throw new IOException("expected to join, got " + reply);
    }
    return client;
  }

  RawClient text(String text) {
    return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  RawClient binary(byte[] bytes) {
    return frame(0x82, bytes);
  }

  /// Queues a masked frame with this first byte.
  RawClient frame(int first, byte[] body) {
    out.write(first);
    if (body.length < 126) {
      out.write(0x80 | body.length);
    } else if (body.length < 65536) {
      out.write(0x80 | 126);
      out.write(body.length >> 8);
      out.write(body.length);
    } else {
      out.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        out.write((int) ((long) body.length >> shift));
      }
    }
    byte[] mask = {1, 2, 3, 4};
    out.writeBytes(mask);
    for (int i = 0; i < body.length; i++) {
      out.write(body[i] ^ mask[i & 3]);
    }
    return this;
  }

  RawClient bytes(byte[] anything) {
    out.writeBytes(anything);
    return this;
  }

  /// Sends what is queued in one write.
  RawClient send() throws IOException {
    socket.getOutputStream().write(out.toByteArray());
    out.reset();
    return this;
  }

  /// Sends what is queued, unless the server has had enough meanwhile.
  void trySend() {
    try {
      send();
    } catch (IOException closedMeanwhile) {
      out.reset();
    }
  }

  RawClient sendSlowly() throws IOException {
    for (byte each : out.toByteArray()) {
      socket.getOutputStream().write(each);
      socket.getOutputStream().flush();
    }
    out.reset();
    return this;
  }

  String read() throws IOException {
    try {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = Math.toIntExact(in.readLong());
      }
      byte[] body = in.readNBytes(length);
      return switch (first) {
        case 0x81 -> new String(body, StandardCharsets.UTF_8);
        case 0x82 -> "BIN " + HexFormat.of().formatHex(body);
        case 0x88 -> "CLOSE " + ((body[0] & 0xff) << 8 | (body[1] & 0xff));
        case 0x8a -> "PONG " + new String(body, StandardCharsets.UTF_8);
        default -> "FRAME " + first;
      };
    } catch (EOFException | SocketException end) {
      return "EOF";
    }
  }

  /// Reads until everything that was to come so far has come: two round trips to the socket, since
  /// the channels run between them.
  String readFence(int number) throws IOException {
    text(version1
            ? "{\"topic\":\"fence\",\"event\":\"phx_leave\",\"payload\":{},\"ref\":\"fence"
                + number
                + "\"}"
            : "[null,\"fence" + number + "\",\"fence\",\"phx_leave\",{}]")
        .send();
    return read();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

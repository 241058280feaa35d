package dev.athanor.otp.channels.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Version 2: text frames `[join_ref, ref, topic, event, payload]`, further elements ignored, and
/// binary frames with lengths of one byte each:
///
/// - push (0): join_ref, [from a client: ref,] topic, event
/// - reply (1): join_ref, ref, topic, status
/// - broadcast (2): topic, event
final class V2 extends Serializer {
  private static final int PUSH = 0;
  private static final int REPLY = 1;
  private static final int BROADCAST = 2;

  V2() {}

  @Override
  public Message decodeText(byte[] frame) {
    JsonScanner scanner = new JsonScanner(frame);
    scanner.expect('[');
    String joinRef = scanner.ref("join_ref");
    scanner.expect(',');
    String ref = scanner.ref("ref");
    scanner.expect(',');
    String topic = scanner.string("topic");
    scanner.expect(',');
    String event = scanner.string("event");
    scanner.expect(',');
    scanner.peek();
    int start = scanner.position();
    scanner.value();
    Payload payload = Payload.slice(frame, start, scanner.position() - start, false);
    while (scanner.accept(',')) {
      scanner.value();
    }
    scanner.expect(']');
    scanner.end();
    return new Message(joinRef, ref, topic, event, payload);
  }

  @Override
  public Message decodeBinary(byte[] frame) {
    if (frame.length < 5 || frame[0] != PUSH) {
      throw new BadFrame("expected a push with a head of 5 bytes, got " + frame.length + " bytes");
    }
    int joinRef = 5;
    int ref = joinRef + (frame[1] & 0xff);
    int topic = ref + (frame[2] & 0xff);
    int event = topic + (frame[3] & 0xff);
    int data = event + (frame[4] & 0xff);
    if (data > frame.length) {
      throw new BadFrame("expected at least " + data + " bytes, got " + frame.length);
    }
    return new Message(
        quoted(frame, joinRef, ref),
        quoted(frame, ref, topic),
        new String(frame, topic, event - topic, StandardCharsets.UTF_8),
        new String(frame, event, data - event, StandardCharsets.UTF_8),
        Payload.slice(frame, data, frame.length - data, true));
  }

  private static String quoted(byte[] frame, int from, int to) {
    for (int i = from; i < to; i++) {
      if (frame[i] < ' ' || frame[i] == '"' || frame[i] == '\\' || frame[i] == 0x7f) {
        throw new BadFrame("expected a reference of plain characters");
      }
    }
    return '"' + new String(frame, from, to - from, StandardCharsets.US_ASCII) + '"';
  }

  @Override
  public boolean reply(
      ByteBuf out,
      @Nullable String joinRef,
      @Nullable String ref,
      String topic,
      String status,
      Payload response) {
    if (response.isBinary()) {
      binary(
          out,
          REPLY,
          response,
          Json.refBytes(joinRef),
          Json.refBytes(ref),
          utf8(topic),
          utf8(status));
      return true;
    }
    head(out, joinRef, ref, topic);
    Json.ascii(out, ",\"phx_reply\",{\"status\":");
    Json.string(out, status);
    Json.ascii(out, ",\"response\":");
    response.writeTo(out);
    Json.ascii(out, "}]");
    return false;
  }

  @Override
  public boolean push(
      ByteBuf out,
      @Nullable String joinRef,
      @Nullable String ref,
      String topic,
      String event,
      Payload payload) {
    if (payload.isBinary()) {
      binary(out, PUSH, payload, Json.refBytes(joinRef), utf8(topic), utf8(event));
      return true;
    }
    text(out, joinRef, ref, topic, event, payload);
    return false;
  }

  @Override
  public boolean broadcast(ByteBuf out, String topic, String event, Payload payload) {
    if (payload.isBinary()) {
      binary(out, BROADCAST, payload, utf8(topic), utf8(event));
      return true;
    }
    text(out, null, null, topic, event, payload);
    return false;
  }

  private static void text(
      ByteBuf out,
      @Nullable String joinRef,
      @Nullable String ref,
      String topic,
      String event,
      Payload payload) {
    head(out, joinRef, ref, topic);
    out.writeByte(',');
    Json.string(out, event);
    out.writeByte(',');
    payload.writeTo(out);
    out.writeByte(']');
  }

  private static void head(
      ByteBuf out, @Nullable String joinRef, @Nullable String ref, String topic) {
    out.writeByte('[');
    Json.ref(out, joinRef);
    out.writeByte(',');
    Json.ref(out, ref);
    out.writeByte(',');
    Json.string(out, topic);
  }

  private static void binary(ByteBuf out, int kind, Payload data, byte[]... fields) {
    for (byte[] field : fields) {
      if (field.length > 255) {
        throw new IllegalArgumentException(
            "expected topic, event and references of at most 255 bytes in a binary frame, got "
                + field.length);
      }
    }
    out.writeByte(kind);
    for (byte[] field : fields) {
      out.writeByte(field.length);
    }
    for (byte[] field : fields) {
      out.writeBytes(field);
    }
    data.writeTo(out);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

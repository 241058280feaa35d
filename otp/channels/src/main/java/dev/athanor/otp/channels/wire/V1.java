package dev.athanor.otp.channels.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Version 1: text frames `{"topic", "event", "payload", "ref"}` in any order, without join
/// references and without binary frames.
final class V1 extends Serializer {
  V1() {}

  @Override
  public Message decodeText(byte[] frame) {
    JsonScanner scanner = new JsonScanner(frame);
    String ref = null;
    String topic = null;
    String event = null;
    Payload payload = null;
    scanner.expect('{');
    if (!scanner.accept('}')) {
      do {
        String name = scanner.string("name");
        scanner.expect(':');
        switch (name) {
          case "ref" -> ref = scanner.ref("ref");
          case "topic" -> topic = scanner.string("topic");
          case "event" -> event = scanner.string("event");
          case "payload" -> {
            scanner.peek();
            int start = scanner.position();
            scanner.value();
            payload = Payload.slice(frame, start, scanner.position() - start, false);
          }
          default -> scanner.value();
        }
      } while (scanner.accept(','));
      scanner.expect('}');
    }
    scanner.end();
    if (topic == null || event == null || payload == null) {
      throw new BadFrame("expected an object with topic, event, payload and ref");
    }
    return new Message(null, ref, topic, event, payload);
  }

  @Override
  public Message decodeBinary(byte[] frame) {
    throw new BadFrame("expected text frames only, as version 1 has them; got a binary one");
  }

  @Override
  public boolean reply(
      ByteBuf out,
      @Nullable String joinRef,
      @Nullable String ref,
      String topic,
      String status,
      Payload response) {
    refuseBinary(response);
    head(out, ref, topic, "phx_reply");
    Json.ascii(out, "{\"status\":");
    Json.string(out, status);
    Json.ascii(out, ",\"response\":");
    response.writeTo(out);
    Json.ascii(out, "}}");
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
    refuseBinary(payload);
    head(out, ref, topic, event);
    payload.writeTo(out);
    out.writeByte('}');
    return false;
  }

  @Override
  public boolean broadcast(ByteBuf out, String topic, String event, Payload payload) {
    return push(out, null, null, topic, event, payload);
  }

  private static void head(ByteBuf out, @Nullable String ref, String topic, String event) {
    Json.ascii(out, "{\"ref\":");
    Json.ref(out, ref);
    Json.ascii(out, ",\"topic\":");
    Json.string(out, topic);
    Json.ascii(out, ",\"event\":");
    Json.string(out, event);
    Json.ascii(out, ",\"payload\":");
  }

  private static void refuseBinary(Payload payload) {
    if (payload.isBinary()) {
      throw new IllegalArgumentException(
          "expected a JSON payload for a client of version 1, got " + payload);
    }
  }
}

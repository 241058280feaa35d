package dev.athanor.otp.channels.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.otp.channels.wire.Payload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One message the client received.
///
/// @param kind what it is
/// @param joinRef which join it belongs to, null for a broadcast
/// @param ref which push it answers
/// @param topic the topic
/// @param event the event; a reply has `phx_reply`
/// @param status a reply's status, otherwise null
/// @param payload what it carries
public record Received(
    Kind kind,
    @Nullable String joinRef,
    @Nullable String ref,
    String topic,
    String event,
    @Nullable String status,
    Payload payload) {
  /// What a message is.
  public enum Kind {
    /// The answer to a push.
    REPLY,
    /// For this client alone.
    PUSH,
    /// For everybody who joined the topic.
    BROADCAST
  }

  /// Reads a frame of the server, text or binary, of serializer V2.
  static Received of(byte[] frame, boolean binary) {
    return binary ? ofBinary(frame) : ofText(Payload.json(frame).json());
  }

  private static Received ofText(JsonNode frame) {
    String joinRef = text(frame.get(0));
    String ref = text(frame.get(1));
    String topic = frame.get(2).asText();
    String event = frame.get(3).asText();
    JsonNode payload = frame.get(4);
    if (event.equals("phx_reply")) {
      return new Received(
          Kind.REPLY,
          joinRef,
          ref,
          topic,
          event,
          payload.get("status").asText(),
          Payload.json(payload.get("response")));
    }
    Kind kind = joinRef == null ? Kind.BROADCAST : Kind.PUSH;
    return new Received(kind, joinRef, ref, topic, event, null, Payload.json(payload));
  }

  private static Received ofBinary(byte[] frame) {
    Kind kind =
        switch (frame[0]) {
          case 0 -> Kind.PUSH;
          case 1 -> Kind.REPLY;
          case 2 -> Kind.BROADCAST;
          default ->
              throw new IllegalArgumentException(
                  "expected a push (0), reply (1) or broadcast (2), got a frame that begins with "
                      + frame[0]);
        };
    int fields = kind == Kind.PUSH ? 3 : kind == Kind.REPLY ? 4 : 2;
    String[] field = new String[fields];
    int at = 1 + fields;
    for (int i = 0; i < fields; i++) {
      int size = frame[1 + i] & 0xff;
      field[i] = new String(frame, at, size, StandardCharsets.UTF_8);
      at += size;
    }
    Payload data = Payload.binary(Arrays.copyOfRange(frame, at, frame.length));
    return switch (kind) {
      case PUSH -> new Received(kind, field[0], null, field[1], field[2], null, data);
      case REPLY -> new Received(kind, field[0], field[1], field[2], "phx_reply", field[3], data);
      case BROADCAST -> new Received(kind, null, null, field[0], field[1], null, data);
    };
  }

  private static @Nullable String text(JsonNode ref) {
    return ref.isNull() ? null : ref.asText();
  }

  /// As failures show it.
  @Override
  public String toString() {
    return switch (kind) {
      case REPLY -> topic + ": reply " + ref + " " + status + " " + payload;
      case PUSH -> topic + ": push \"" + event + "\" " + payload;
      case BROADCAST -> topic + ": broadcast \"" + event + "\" " + payload;
    };
  }
}

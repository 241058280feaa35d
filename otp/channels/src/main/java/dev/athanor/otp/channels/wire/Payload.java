package dev.athanor.otp.channels.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a message carries: a JSON value, kept as the bytes it came in and parsed when somebody
/// looks, or plain bytes (a binary frame).
///
/// Immutable; may be used from any thread. Bytes given to the factories are not copied and must not
/// be changed afterwards; the same holds for the node [#json] returns.
public final class Payload {
  private static final ObjectMapper MAPPER = JsonMapper.builder().findAndAddModules().build();

  /// How much of a frame around it a short payload may keep.
  private static final int SLACK = 1024;

  /// The empty JSON object, `{}`.
  public static final Payload EMPTY = json("{}".getBytes(StandardCharsets.UTF_8));

  private final byte[] bytes;
  private final int offset;
  private final int length;
  private final boolean binary;

  /// Parsed on first use; two threads may both parse, either result serves.
  private volatile @Nullable JsonNode node;

  private Payload(byte[] bytes, int offset, int length, boolean binary) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.binary = binary;
  }

  /// A JSON value that is encoded already. It is sent as it is: what is not JSON breaks the frames
  /// it is put in.
  ///
  /// @param utf8 one JSON value in UTF-8
  /// @return the payload
  public static Payload json(byte[] utf8) {
    return new Payload(utf8, 0, utf8.length, false);
  }

  /// A JSON value.
  ///
  /// @param value a tree nobody changes afterwards
  /// @return the payload
  public static Payload json(JsonNode value) {
    Payload payload = of(value);
    payload.node = value;
    return payload;
  }

  /// Anything Jackson can write: a map, a record, a list, a string.
  ///
  /// @param value what to encode
  /// @return the payload
  /// @throws IllegalArgumentException when Jackson refuses the value
  public static Payload of(Object value) {
    try {
      return json(MAPPER.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "expected a value that can be written as JSON, got " + value.getClass().getName(), e);
    }
  }

  /// Plain bytes, sent in a binary frame (serializer V2 only).
  ///
  /// @param bytes the bytes
  /// @return the payload
  public static Payload binary(byte[] bytes) {
    return new Payload(bytes, 0, bytes.length, true);
  }

  /// A part of a frame; a small part of a large one does not keep it all in memory.
  static Payload slice(byte[] bytes, int offset, int length, boolean binary) {
    if (bytes.length - length > length + SLACK) {
      byte[] part = Arrays.copyOfRange(bytes, offset, offset + length);
      return new Payload(part, 0, length, binary);
    }
    return new Payload(bytes, offset, length, binary);
  }

  /// Tells plain bytes from JSON.
  ///
  /// @return true for plain bytes
  public boolean isBinary() {
    return binary;
  }

  /// The JSON value.
  ///
  /// @return the tree, to be read only
  /// @throws IllegalStateException when this is plain bytes
  /// @throws UncheckedIOException when Jackson's limits (nesting, length of numbers) refuse it
  public JsonNode json() {
    if (binary) {
      throw new IllegalStateException("expected a JSON payload, got " + length + " plain bytes");
    }
    JsonNode parsed = node;
    if (parsed == null) {
      try {
        parsed = MAPPER.readTree(bytes, offset, length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      node = parsed;
    }
    return parsed;
  }

  /// The JSON value as a type of the program's own.
  ///
  /// @param type what Jackson is to make of it
  /// @param <T> the type
  /// @return the value
  /// @throws IllegalArgumentException when it does not fit
  public <T> T as(Class<T> type) {
    try {
      return MAPPER.treeToValue(json(), type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("expected a payload that fits " + type.getName(), e);
    }
  }

  /// A copy of the bytes: of the JSON text, or the plain ones.
  ///
  /// @return a new array
  public byte[] toByteArray() {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }

  /// How many bytes it has, encoded.
  ///
  /// @return zero or more
  public int size() {
    return length;
  }

  void writeTo(ByteBuf out) {
    out.writeBytes(bytes, offset, length);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Payload that
        && binary == that.binary
        && Arrays.equals(
            bytes, offset, offset + length, that.bytes, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = binary ? 1 : 0;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    return hash;
  }

  /// The beginning of it, for people.
  @Override
  public String toString() {
    if (binary) {
      return length + " bytes";
    }
    String text = new String(bytes, offset, Math.min(length, 200), StandardCharsets.UTF_8);
    return length > 200 ? text + "..." : text;
  }
}

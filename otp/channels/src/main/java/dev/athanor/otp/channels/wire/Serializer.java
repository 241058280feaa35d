package dev.athanor.otp.channels.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Turns messages into the bytes of frames and back, as one version of the protocol says
/// (`Phoenix.Socket.Serializer`). Stateless; may be used from any thread.
///
/// The encoding methods append the body of one frame to a buffer and tell whether the frame is
/// binary.
@SuppressWarnings("ClassInitializationDeadlock") // V1 and V2 are reached through here only
public abstract sealed class Serializer permits V1, V2 {
  /// JSON objects (`vsn=1.0.0`): what clients of long ago speak.
  public static final Serializer V1 = new V1();

  /// JSON arrays and binary frames (`vsn=2.0.0`): what clients speak today.
  public static final Serializer V2 = new V2();

  Serializer() {}

  /// Chooses by the `vsn` parameter of a connection: any `1.0.x` or `2.0.x`.
  ///
  /// @param vsn the parameter; null when the client sent none, which means 1.0.0
  /// @return the serializer, or null for a version nobody here speaks
  public static @Nullable Serializer forVersion(@Nullable String vsn) {
    if (vsn == null) {
      return V1;
    }
    int patch = vsn.startsWith("2.0.") || vsn.startsWith("1.0.") ? 4 : vsn.length();
    if (patch == vsn.length() || vsn.length() > 8) {
      return null;
    }
    for (int i = patch; i < vsn.length(); i++) {
      if (vsn.charAt(i) < '0' || vsn.charAt(i) > '9') {
        return null;
      }
    }
    return vsn.charAt(0) == '2' ? V2 : V1;
  }

  /// Reads a text frame.
  ///
  /// @param frame valid UTF-8; kept by the payload, not copied
  /// @return the message
  /// @throws BadFrame when it is no message
  public abstract Message decodeText(byte[] frame);

  /// Reads a binary frame.
  ///
  /// @param frame the bytes; kept by the payload, not copied
  /// @return the message
  /// @throws BadFrame when it is no message
  public abstract Message decodeBinary(byte[] frame);

  /// Writes the answer to a message.
  ///
  /// @param out where to
  /// @param joinRef which join, as JSON text
  /// @param ref the message's reference, as JSON text
  /// @param topic the topic
  /// @param status `ok`, `error` or a word of the channel's own
  /// @param response what is answered
  /// @return whether the frame is binary
  public abstract boolean reply(
      ByteBuf out,
      @Nullable String joinRef,
      @Nullable String ref,
      String topic,
      String status,
      Payload response);

  /// Writes a message to one client: a push, or the end of a channel.
  ///
  /// @param out where to
  /// @param joinRef which join, as JSON text
  /// @param ref a reference, as JSON text; null for a push
  /// @param topic the topic
  /// @param event the event
  /// @param payload the payload
  /// @return whether the frame is binary
  public abstract boolean push(
      ByteBuf out,
      @Nullable String joinRef,
      @Nullable String ref,
      String topic,
      String event,
      Payload payload);

  /// Writes a message that is the same for everybody who joined the topic.
  ///
  /// @param out where to
  /// @param topic the topic
  /// @param event the event
  /// @param payload the payload
  /// @return whether the frame is binary
  public abstract boolean broadcast(ByteBuf out, String topic, String event, Payload payload);
}

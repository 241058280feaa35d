package dev.athanor.otp.channels.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Writes the few pieces of JSON the serializers need around payloads that are encoded already.
final class Json {
  private Json() {}

  static void ascii(ByteBuf out, String text) {
    ByteBufUtil.writeAscii(out, text);
  }

  /// A reference, kept as JSON text since it was read.
  static void ref(ByteBuf out, @Nullable String ref) {
    if (ref == null) {
      ByteBufUtil.writeAscii(out, "null");
    } else {
      ByteBufUtil.writeUtf8(out, ref);
    }
  }

  static void string(ByteBuf out, String text) {
    out.writeByte('"');
    if (isPlain(text)) {
      ByteBufUtil.writeAscii(out, text);
    } else {
      out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(text));
    }
    out.writeByte('"');
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  /// The bytes of a reference without its quotes, for a binary frame.
  static byte[] refBytes(@Nullable String ref) {
    if (ref == null) {
      return new byte[0];
    }
    if (ref.charAt(0) != '"') {
      return ref.getBytes(StandardCharsets.UTF_8);
    }
    if (ref.indexOf('\\') < 0) {
      return ref.substring(1, ref.length() - 1).getBytes(StandardCharsets.UTF_8);
    }
    return new JsonScanner(ref.getBytes(StandardCharsets.UTF_8))
        .string("ref")
        .getBytes(StandardCharsets.UTF_8);
  }
}

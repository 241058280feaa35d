package dev.athanor.otp.channels.presence;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.athanor.otp.channels.wire.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Writes `presence_state` and `presence_diff` as clients expect them, from metas that are JSON
/// already.
final class Presences {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  private Presences() {}

  static Payload state(Map<String, List<Meta>> there, Map<String, Payload> more) {
    Presences writer = new Presences();
    writer.presences(there, more);
    return Payload.json(writer.out.toByteArray());
  }

  static Payload diff(
      Map<String, List<Meta>> joins, Map<String, List<Meta>> leaves, Map<String, Payload> more) {
    Presences writer = new Presences();
    writer.text("{\"leaves\":");
    writer.presences(leaves, more);
    writer.text(",\"joins\":");
    writer.presences(joins, more);
    writer.text("}");
    return Payload.json(writer.out.toByteArray());
  }

  private void presences(Map<String, List<Meta>> there, Map<String, Payload> more) {
    char before = '{';
    for (Map.Entry<String, List<Meta>> each : there.entrySet()) {
      out.write(before);
      before = ',';
      string(each.getKey());
      text(":{\"metas\":[");
      List<Meta> metas = each.getValue();
      for (int i = 0; i < metas.size(); i++) {
        if (i > 0) {
          out.write(',');
        }
        meta(metas.get(i));
      }
      out.write(']');
      Payload known = more.get(each.getKey());
      if (known == null) {
        out.write('}');
      } else {
        rest(known);
      }
    }
    text(before == '{' ? "{}" : "}");
  }

  private void meta(Meta meta) {
    text("{\"" + Meta.REF + "\":");
    string(meta.ref());
    if (meta.previous() != null) {
      text(",\"" + Meta.PREVIOUS + "\":");
      string(meta.previous());
    }
    rest(meta.value());
  }

  /// The fields of an object, behind others, and its end.
  private void rest(Payload object) {
    byte[] json = object.toByteArray();
    int start = 0;
    while (json[start] != '{') {
      start++;
    }
    start++;
    while (json[start] <= ' ') {
      start++;
    }
    if (json[start] != '}') {
      out.write(',');
    }
    out.write(json, start, json.length - start);
  }

  private void string(String value) {
    out.write('"');
    out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(value));
    out.write('"');
  }

  private void text(String ascii) {
    out.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
  }
}

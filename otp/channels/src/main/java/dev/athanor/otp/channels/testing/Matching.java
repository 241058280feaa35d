package dev.athanor.otp.channels.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.otp.channels.wire.Payload;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Compares what came with a pattern, as `assert_push "event", %{id: 1}` does: of an object only
/// the fields that the pattern names, of everything else all of it.
final class Matching {
  private Matching() {}

  static Payload payload(Object value) {
    return value instanceof Payload payload ? payload : Payload.of(value);
  }

  static boolean fits(Payload pattern, Payload got) {
    return difference(pattern, got) == null;
  }

  /// Where they differ first, in words; null when they fit.
  static @Nullable String difference(Payload pattern, Payload got) {
    if (pattern.isBinary() || got.isBinary()) {
      return pattern.equals(got) ? null : "expected " + pattern + ", got " + got;
    }
    return difference("payload", pattern.json(), got.json());
  }

  private static @Nullable String difference(String path, JsonNode pattern, JsonNode got) {
    if (pattern.isObject() && got.isObject()) {
      for (Map.Entry<String, JsonNode> field : pattern.properties()) {
        String inner = path + "." + field.getKey();
        JsonNode value = got.get(field.getKey());
        String found =
            value == null
                ? "expected " + inner + " to be " + field.getValue() + ", got no such field"
                : difference(inner, field.getValue(), value);
        if (found != null) {
          return found;
        }
      }
      return null;
    }
    if (pattern.isArray() && got.isArray() && pattern.size() == got.size()) {
      for (int i = 0; i < pattern.size(); i++) {
        String found = difference(path + "[" + i + "]", pattern.get(i), got.get(i));
        if (found != null) {
          return found;
        }
      }
      return null;
    }
    boolean same =
        (pattern.isNumber() && got.isNumber())
            ? pattern.decimalValue().compareTo(got.decimalValue()) == 0
            : Objects.equals(pattern, got);
    return same ? null : "expected " + path + " to be " + pattern + ", got " + got;
  }
}

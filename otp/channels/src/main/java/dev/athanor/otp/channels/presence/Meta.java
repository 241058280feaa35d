package dev.athanor.otp.channels.presence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.athanor.otp.channels.wire.Payload;
import org.jspecify.annotations.Nullable;

/// What one tracked process says about itself under a key: a small JSON object, and the reference
/// that tells it from every other one. On the wire it is the object with `phx_ref` and, after an
/// update, `phx_ref_prev` in it.
///
/// Immutable. Keep it small: it is sent to everybody who joins the topic.
///
/// @param ref unique among all nodes
/// @param previous what the reference was before the last update; null when there was none
/// @param value a JSON object without the two references
public record Meta(String ref, @Nullable String previous, Payload value) {
  static final String REF = "phx_ref";
  static final String PREVIOUS = "phx_ref_prev";

  /// Checks the name somebody wants to be known under: it is sent to everybody.
  static String checkedKey(String key) {
    for (int i = 0; i < key.length(); i++) {
      if (Character.isSurrogate(key.charAt(i))) {
        if (i + 1 == key.length() || !Character.isSurrogatePair(key.charAt(i), key.charAt(i + 1))) {
          throw new IllegalArgumentException(
              "expected whole characters in the key of a presence, got half of one (a surrogate"
                  + " without its other) at index "
                  + i);
        }
        i++;
      }
    }
    return key;
  }

  /// Checks what somebody wants to say of itself, and takes it out of the message it came in.
  static Payload checked(Payload value) {
    JsonNode json = value.isBinary() ? null : value.json();
    if (!(json instanceof ObjectNode object)) {
      throw new IllegalArgumentException(
          "expected a JSON object as the meta of a presence, got " + value);
    }
    if (object.has(REF) || object.has(PREVIOUS)) {
      ObjectNode plain = object.deepCopy();
      plain.remove(REF);
      plain.remove(PREVIOUS);
      return Payload.json(Payload.json(plain).toByteArray());
    }
    return Payload.json(value.toByteArray());
  }
}

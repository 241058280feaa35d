package dev.athanor.otp.channels;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// What clients offer in `Sec-WebSocket-Protocol`: `phoenix`, and since phoenix.js 1.8 a token,
/// which a browser can put into no other header.
final class SubProtocols {
  private static final String PROTOCOL = "phoenix";
  private static final String BEARER = "base64url.bearer.phx.";

  private SubProtocols() {}

  /// What to answer: `phoenix` when it was offered, otherwise nothing.
  static @Nullable String answer(@Nullable String offered) {
    if (offered != null) {
      for (String each : offered.split(",", -1)) {
        if (each.strip().equals(PROTOCOL)) {
          return PROTOCOL;
        }
      }
    }
    return null;
  }

  /// The token among what was offered; null without one, or with one that is not base64.
  static @Nullable String authToken(@Nullable String offered) {
    if (offered != null) {
      for (String each : offered.split(",", -1)) {
        String name = each.strip();
        if (name.startsWith(BEARER)) {
          try {
            byte[] token = Base64.getUrlDecoder().decode(name.substring(BEARER.length()));
            return new String(token, StandardCharsets.UTF_8);
          } catch (IllegalArgumentException notBase64) {
            return null;
          }
        }
      }
    }
    return null;
  }
}

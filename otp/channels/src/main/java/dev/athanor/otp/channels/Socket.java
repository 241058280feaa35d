package dev.athanor.otp.channels;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What channels know of the connection they belong to: what was decided when it was opened
/// (`Phoenix.Socket`). Immutable; the same for all channels of a connection.
///
/// @param id who it is; null for somebody unknown
/// @param assigns what the application put down when it accepted the connection
public record Socket(@Nullable String id, Map<String, Object> assigns) {
  static final Socket UNKNOWN = new Socket(null, Map.of());

  /// Something the application put down.
  ///
  /// @param name under which name
  /// @return it, or null
  public @Nullable Object assign(String name) {
    return assigns.get(name);
  }
}

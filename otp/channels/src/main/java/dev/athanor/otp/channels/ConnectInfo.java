package dev.athanor.otp.channels;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/// What is known of somebody who opens a socket, before the handshake.
///
/// @param path the request's path
/// @param params the parameters of the URL, `vsn` among them
/// @param headers the request's headers
/// @param authToken what a phoenix.js of 1.8 sent as `authToken`; null when it sent none
/// @param remoteAddress the peer's address as text
public record ConnectInfo(
    String path,
    MultiMap params,
    MultiMap headers,
    @Nullable String authToken,
    String remoteAddress) {
  /// A parameter of the URL.
  ///
  /// @param name its name
  /// @return its first value, or null
  public @Nullable String param(String name) {
    return params.get(name);
  }
}

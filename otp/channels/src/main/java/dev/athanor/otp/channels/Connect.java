package dev.athanor.otp.channels;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What the application says to somebody who opens a socket (the return values of `connect/3`).
public sealed interface Connect {
  /// Come in.
  ///
  /// @param id who it is, for [Endpoint#disconnect]; the topic of that name must be used for
  ///   nothing else; null for somebody unknown
  /// @param assigns what channels may want to know of the socket
  record Accepted(@Nullable String id, Map<String, Object> assigns) implements Connect {
    /// Keeps a copy of the map.
    public Accepted {
      assigns = Map.copyOf(assigns);
    }
  }

  /// Stay out: HTTP 403.
  record Refused() implements Connect {}

  /// To be decided later.
  ///
  /// @param result completes with it; a failure is answered with HTTP 500
  record Later(CompletionStage<? extends Connect> result) implements Connect {}

  /// Come in, whoever you are.
  ///
  /// @return the result
  static Connect accept() {
    return new Accepted(null, Map.of());
  }

  /// Come in.
  ///
  /// @param id who it is
  /// @param assigns what channels may want to know
  /// @return the result
  static Connect accept(@Nullable String id, Map<String, Object> assigns) {
    return new Accepted(id, assigns);
  }

  /// Stay out.
  ///
  /// @return the result
  static Connect refuse() {
    return new Refused();
  }

  /// To be decided later.
  ///
  /// @param result completes with it
  /// @return the result
  static Connect later(CompletionStage<? extends Connect> result) {
    return new Later(result);
  }
}

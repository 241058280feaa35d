package dev.athanor.otp.server;

import org.jspecify.annotations.Nullable;

/// Who waits for the reply to one call. A server may keep it and reply later, or hand it to another
/// process to reply. Corresponds to `From` and `gen_server:reply/2`.
///
/// @param <R> the type of the reply
public interface From<R extends @Nullable Object> {
  /// Replies, from any thread. The first reply counts; one after the caller's timeout, or a second
  /// one, goes nowhere.
  ///
  /// @param value the reply
  /// @return whether the caller was still waiting
  boolean reply(R value);

  /// Tells whether the caller still waits.
  ///
  /// @return false when there is no use in a reply
  boolean isWaiting();
}

package dev.athanor.otp.server;

import org.jspecify.annotations.Nullable;

/// A message that is called and not cast: it says what type its reply has.
///
/// A protocol is a sealed interface of records; those that expect an answer implement this too:
/// `record Take(int n) implements Counter, Request<Integer> {}`.
///
/// @param <R> the type of the reply
public interface Request<R extends @Nullable Object> {}

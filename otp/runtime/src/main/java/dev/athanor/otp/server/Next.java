package dev.athanor.otp.server;

import dev.athanor.otp.process.ExitReason;
import org.jspecify.annotations.Nullable;

/// What a callback of a server decides: reply or not, go on with which state, or stop.
///
/// @param <S> the state of the server
public sealed interface Next<S> {
  /// Replies to the call and goes on; from `handleCall` only.
  ///
  /// @param value the reply
  /// @param state the state from now on
  /// @param action what to do besides waiting
  /// @param <S> the state of the server
  record Reply<S>(@Nullable Object value, S state, Action action) implements Next<S> {}

  /// Goes on without replying; a call may be replied to later through its [From].
  ///
  /// @param state the state from now on
  /// @param action what to do besides waiting
  /// @param <S> the state of the server
  record NoReply<S>(S state, Action action) implements Next<S> {}

  /// Stops: `terminate` is called, then the reply is sent if there is one, then the process ends.
  /// A call without a reply fails with [ServerDown].
  ///
  /// @param reason why
  /// @param replies whether there is a reply
  /// @param value the reply
  /// @param state the last state
  /// @param <S> the state of the server
  record Stop<S>(ExitReason reason, boolean replies, @Nullable Object value, S state)
      implements Next<S> {}

  /// Replies and goes on.
  ///
  /// @param value the reply; its type is not checked, see [#reply(Request, Object, Object)]
  /// @param state the state from now on
  /// @param <S> the state of the server
  /// @return the decision
  static <S> Next<S> reply(@Nullable Object value, S state) {
    return new Reply<>(value, state, Action.Plain.NONE);
  }

  /// Replies and goes on, with a reply of the type the request asks for.
  ///
  /// @param request the request that is answered
  /// @param value the reply
  /// @param state the state from now on
  /// @param <R> the type of the reply
  /// @param <S> the state of the server
  /// @return the decision
  static <R extends @Nullable Object, S> Next<S> reply(Request<R> request, R value, S state) {
    return new Reply<>(value, state, Action.Plain.NONE);
  }

  /// Goes on without replying.
  ///
  /// @param state the state from now on
  /// @param <S> the state of the server
  /// @return the decision
  static <S> Next<S> noReply(S state) {
    return new NoReply<>(state, Action.Plain.NONE);
  }

  /// Stops without replying.
  ///
  /// @param reason why
  /// @param state the last state
  /// @param <S> the state of the server
  /// @return the decision
  static <S> Next<S> stop(ExitReason reason, S state) {
    return new Stop<>(reason, false, null, state);
  }

  /// Stops and replies.
  ///
  /// @param reason why
  /// @param value the reply
  /// @param state the last state
  /// @param <S> the state of the server
  /// @return the decision
  static <S> Next<S> stop(ExitReason reason, @Nullable Object value, S state) {
    return new Stop<>(reason, true, value, state);
  }

  /// The same decision, with an action to follow.
  ///
  /// @param action what to do besides waiting
  /// @return the decision
  default Next<S> then(Action action) {
    return switch (this) {
      case Reply<S> reply -> new Reply<>(reply.value(), reply.state(), action);
      case NoReply<S> noReply -> new NoReply<>(noReply.state(), action);
      case Stop<S> _ ->
          throw new IllegalArgumentException("a server that stops takes no action: " + action);
    };
  }
}

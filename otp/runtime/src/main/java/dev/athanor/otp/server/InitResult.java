package dev.athanor.otp.server;

import dev.athanor.otp.process.ExitReason;
import java.util.concurrent.CompletionStage;

/// What `init` of a server decides.
///
/// @param <S> the state of the server
public sealed interface InitResult<S> {
  /// The server is up.
  ///
  /// @param state its first state
  /// @param action what to do besides waiting
  /// @param <S> the state of the server
  record Ok<S>(S state, Action action) implements InitResult<S> {}

  /// The server is not wanted; its start is a success without a process.
  ///
  /// @param <S> the state of the server
  record Ignore<S>() implements InitResult<S> {}

  /// The start failed.
  ///
  /// @param reason why
  /// @param <S> the state of the server
  record Stop<S>(ExitReason reason) implements InitResult<S> {}

  /// The decision is not made yet: the start is acknowledged when the stage has completed, and
  /// messages wait until then. The way to load something first without blocking.
  ///
  /// @param decision completes with another result; when it fails, the start fails
  /// @param <S> the state of the server
  record Later<S>(CompletionStage<? extends InitResult<S>> decision) implements InitResult<S> {}

  /// The server is up.
  ///
  /// @param state its first state
  /// @param <S> the state of the server
  /// @return the decision
  static <S> InitResult<S> ok(S state) {
    return new Ok<>(state, Action.Plain.NONE);
  }

  /// The server is up and does something before or while it waits.
  ///
  /// @param state its first state
  /// @param action what to do
  /// @param <S> the state of the server
  /// @return the decision
  static <S> InitResult<S> ok(S state, Action action) {
    return new Ok<>(state, action);
  }

  /// The server is not wanted.
  ///
  /// @param <S> the state of the server
  /// @return the decision
  static <S> InitResult<S> ignore() {
    return new Ignore<>();
  }

  /// The start failed.
  ///
  /// @param reason why
  /// @param <S> the state of the server
  /// @return the decision
  static <S> InitResult<S> stop(ExitReason reason) {
    return new Stop<>(reason);
  }

  /// The decision comes later.
  ///
  /// @param decision completes with it
  /// @param <S> the state of the server
  /// @return the decision
  static <S> InitResult<S> later(CompletionStage<? extends InitResult<S>> decision) {
    return new Later<>(decision);
  }
}

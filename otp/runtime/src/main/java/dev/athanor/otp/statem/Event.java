package dev.athanor.otp.statem;

import dev.athanor.otp.server.From;

/// What a state machine handles: what came from outside, what it told itself, and timeouts.
///
/// @param <M> the protocol of the machine
@SuppressWarnings("AvoidCommonTypeNames") // the word of OTP: event
public sealed interface Event<M> {
  /// Somebody waits for a reply: `{call, From}`.
  ///
  /// @param request what is asked
  /// @param from who asks
  /// @param <M> the protocol of the machine
  record Call<M>(M request, From<?> from) implements Event<M> {}

  /// Somebody said something: `cast`.
  ///
  /// @param message what
  /// @param <M> the protocol of the machine
  record Cast<M>(M message) implements Event<M> {}

  /// A signal, or a message that was sent plainly: `info`.
  ///
  /// @param info what it was
  /// @param <M> the protocol of the machine
  record Info<M>(dev.athanor.otp.server.Info info) implements Event<M> {}

  /// The machine told itself something, with [StateAction#nextEvent]: `internal`. Nobody outside
  /// can send one.
  ///
  /// @param content what
  /// @param <M> the protocol of the machine
  record Internal<M>(Object content) implements Event<M> {}

  /// The machine was in its state for as long as [StateAction#stateTimeout] said.
  ///
  /// @param content what the action said
  /// @param <M> the protocol of the machine
  record StateTimeout<M>(Object content) implements Event<M> {}

  /// No event came for as long as [StateAction#eventTimeout] said.
  ///
  /// @param content what the action said
  /// @param <M> the protocol of the machine
  record EventTimeout<M>(Object content) implements Event<M> {}

  /// A timeout with a name, started by [StateAction#timeout]: `{timeout, Name}`.
  ///
  /// @param name its name
  /// @param content what the action said
  /// @param <M> the protocol of the machine
  record Timeout<M>(Object name, Object content) implements Event<M> {}
}

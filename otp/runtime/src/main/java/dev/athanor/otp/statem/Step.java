package dev.athanor.otp.statem;

import dev.athanor.otp.process.ExitReason;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a machine decides on an event: where to go, with which data, doing what.
///
/// A step to the same state (by equals) is no change of state: postponed events stay postponed, the
/// state timeout runs on, the state is not entered.
///
/// @param <S> the states
/// @param <D> the data
public sealed interface Step<S, D> {
  /// See [#nextState].
  ///
  /// @param state where to go
  /// @param data the data from now on
  /// @param actions what to do
  /// @param <S> the states
  /// @param <D> the data
  record NextState<S, D>(S state, D data, List<StateAction> actions) implements Step<S, D> {
    /// Refuses null and keeps its own copy of the actions.
    public NextState {
      Objects.requireNonNull(state, "state");
      actions = List.copyOf(actions);
    }
  }

  /// See [#keepState], [#keepStateAndData], [#repeatState], [#repeatStateAndData].
  ///
  /// @param repeats whether the state is entered again
  /// @param sameData whether the data stay
  /// @param data the data from now on; null when they stay
  /// @param actions what to do
  /// @param <S> the states
  /// @param <D> the data
  record Keep<S, D>(boolean repeats, boolean sameData, @Nullable D data, List<StateAction> actions)
      implements Step<S, D> {
    /// Keeps its own copy of the actions.
    public Keep {
      actions = List.copyOf(actions);
    }
  }

  /// See [#stop].
  ///
  /// @param reason why
  /// @param sameData whether the data stay
  /// @param data the last data; null when they stay
  /// @param replies what is replied before
  /// @param <S> the states
  /// @param <D> the data
  record Stop<S, D>(
      ExitReason reason, boolean sameData, @Nullable D data, List<StateAction.Reply> replies)
      implements Step<S, D> {
    /// Keeps its own copy of the replies.
    public Stop {
      Objects.requireNonNull(reason, "reason");
      replies = List.copyOf(replies);
    }
  }

  /// Goes to a state (`next_state`).
  ///
  /// @param state where
  /// @param data the data from now on
  /// @param actions what to do
  /// @param <S> the states
  /// @param <D> the data
  /// @return the step
  static <S, D> NextState<S, D> nextState(S state, D data, StateAction... actions) {
    return new NextState<>(state, data, List.of(actions));
  }

  /// Stays, with other data (`keep_state`).
  ///
  /// @param data the data from now on
  /// @param actions what to do
  /// @param <S> the states
  /// @param <D> the data
  /// @return the step
  static <S, D> Step<S, D> keepState(D data, StateAction... actions) {
    return new Keep<>(false, false, data, List.of(actions));
  }

  /// Stays as it is (`keep_state_and_data`).
  ///
  /// @param actions what to do
  /// @param <S> the states
  /// @param <D> the data
  /// @return the step
  static <S, D> Step<S, D> keepStateAndData(StateAction... actions) {
    return new Keep<>(false, true, null, List.of(actions));
  }

  /// Stays, with other data, and enters the state again (`repeat_state`). Postponed events stay
  /// postponed.
  ///
  /// @param data the data from now on
  /// @param actions what to do
  /// @param <S> the states
  /// @param <D> the data
  /// @return the step
  static <S, D> Step<S, D> repeatState(D data, StateAction... actions) {
    return new Keep<>(true, false, data, List.of(actions));
  }

  /// Stays as it is and enters the state again (`repeat_state_and_data`).
  ///
  /// @param actions what to do
  /// @param <S> the states
  /// @param <D> the data
  /// @return the step
  static <S, D> Step<S, D> repeatStateAndData(StateAction... actions) {
    return new Keep<>(true, true, null, List.of(actions));
  }

  /// Stops: `terminate` is called and the process ends. Calls that were not replied to fail with
  /// [dev.athanor.otp.server.ServerDown] (`stop`).
  ///
  /// @param reason why
  /// @param <S> the states
  /// @param <D> the data
  /// @return the step
  static <S, D> Step<S, D> stop(ExitReason reason) {
    return new Stop<>(reason, true, null, List.of());
  }

  /// Stops with other data.
  ///
  /// @param reason why
  /// @param data the last data
  /// @param <S> the states
  /// @param <D> the data
  /// @return the step
  static <S, D> Step<S, D> stop(ExitReason reason, D data) {
    return new Stop<>(reason, false, data, List.of());
  }

  /// Replies and stops (`stop_and_reply`).
  ///
  /// @param reason why
  /// @param data the last data
  /// @param replies from [StateAction#reply]
  /// @param <S> the states
  /// @param <D> the data
  /// @return the step
  static <S, D> Step<S, D> stopAndReply(ExitReason reason, D data, StateAction.Reply... replies) {
    return new Stop<>(reason, false, data, List.of(replies));
  }
}

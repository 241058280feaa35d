package dev.athanor.otp.statem;

/// A machine whose states handle the events themselves: an enum with a body for each constant, or a
/// sealed interface of records. OTP's callback mode `state_functions`.
///
/// @param <M> the protocol: calls and casts
/// @param <S> the states
/// @param <D> the data
public interface StateFunctions<M, S extends StateFunctions.State<M, S, D>, D>
    extends GenStatem<M, S, D> {
  /// One state.
  ///
  /// @param <M> the protocol: calls and casts
  /// @param <S> the states
  /// @param <D> the data
  interface State<M, S, D> {
    /// Handles an event while the machine is in this state.
    ///
    /// @param event the event
    /// @param data the data
    /// @return the decision
    /// @throws Exception ends the machine
    Step<S, D> handle(Event<M> event, D data) throws Exception;

    /// This state was entered; see [GenStatem#enter].
    ///
    /// @param old the state before; this one at the start
    /// @param data the data
    /// @return a step that keeps the state
    /// @throws Exception ends the machine
    default Step<S, D> enter(S old, D data) throws Exception {
      return Step.keepStateAndData();
    }
  }

  @Override
  default Step<S, D> handleEvent(Event<M> event, S state, D data) throws Exception {
    return state.handle(event, data);
  }

  @Override
  default Step<S, D> enter(S old, S state, D data) throws Exception {
    return state.enter(old, data);
  }
}

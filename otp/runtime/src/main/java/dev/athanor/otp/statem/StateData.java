package dev.athanor.otp.statem;

/// Where a machine is and what it carries: `{State, Data}`, the state of the process as
/// `Sys.getState` shows it and `Sys.replaceState` takes it.
///
/// @param state the state
/// @param data the data
/// @param <S> the states
/// @param <D> the data
public record StateData<S, D>(S state, D data) {}

package dev.athanor.otp.statem;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.server.StartResult;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A process that is always in one of several states and handles events according to it: the
/// callbacks of one machine, called one at a time.
///
/// It is called, cast to and stopped with the functions of [GenServer], and its calls are messages
/// that implement [dev.athanor.otp.server.Request]. Every event comes to [#handleEvent], whose
/// [Step] says where to go, with which data, and what to do besides ([StateAction]): put the event
/// off until the state changes, insert others, reply, start timeouts. For states that handle events
/// themselves see [StateFunctions]. A callback that throws, or returns null, ends the machine with
/// [ExitReason.Crashed] after [#terminate]. On an event loop no callback may block.
///
/// The order of events is OTP's: inserted events first, then postponed ones that are handled again
/// because the state changed, then timeouts of zero, then the mailbox.
///
/// Under a supervisor: `ChildSpec.of("door", parent -> GenStatem.startLink(parent, new Door()))`.
///
/// Corresponds to Erlang's `gen_statem`, callback mode `handle_event_function`.
///
/// @param <M> the protocol: calls and casts, a sealed interface of records as a rule
/// @param <S> the states: an enum, or a sealed interface of records; compared with equals
/// @param <D> the data that goes along with the state
public interface GenStatem<M, S, D> {
  /// Makes the first state. Whoever starts the machine learns the outcome when this has returned;
  /// then the state is entered and the actions are done.
  ///
  /// @param self the machine, to keep
  /// @return ok with a [Step#nextState], or another decision
  /// @throws Exception makes the start fail
  InitResult<Step.NextState<S, D>> init(ServerSelf<M> self) throws Exception;

  /// Handles an event.
  ///
  /// @param event the event
  /// @param state the state
  /// @param data the data
  /// @return the decision
  /// @throws Exception ends the machine
  Step<S, D> handleEvent(Event<M> event, S state, D data) throws Exception;

  /// A state was entered: called at the start, after every change of state before any further
  /// event, and when a step repeats the state. It may reply and start timeouts, change the data or
  /// stop, but neither change the state nor postpone or insert events. Does nothing unless
  /// overridden (`state_enter`).
  ///
  /// @param old the state before; the same as the state at the start and when it repeats
  /// @param state the state that was entered
  /// @param data the data
  /// @return a step that keeps the state
  /// @throws Exception ends the machine
  default Step<S, D> enter(S old, S state, D data) throws Exception {
    return Step.keepStateAndData();
  }

  /// Prepares the end, when that takes asynchronous work; see [GenServer#prepareToStop].
  ///
  /// @param reason why
  /// @param state the last state
  /// @param data the last data
  /// @return null when there is nothing to wait for
  /// @throws Exception becomes the reason
  default @Nullable CompletionStage<?> prepareToStop(ExitReason reason, S state, D data)
      throws Exception {
    return null;
  }

  /// Cleans up, when [GenServer#terminate] would be called.
  ///
  /// @param reason why
  /// @param state the last state
  /// @param data the last data
  /// @throws Exception becomes the reason
  default void terminate(ExitReason reason, S state, D data) throws Exception {}

  /// Converts state and data to a new version of the code; see [GenServer#codeChange]. The state is
  /// not entered, and postponed events are not handled again.
  ///
  /// @param oldVersion the version they are from; null when it is not known
  /// @param state the state
  /// @param data the data
  /// @param extra anything the conversion wants to know; null when there is nothing
  /// @return state and data from now on; the same by default
  /// @throws Exception leaves them as they were, and the change fails
  default StateData<S, D> codeChange(
      @Nullable Object oldVersion, S state, D data, @Nullable Object extra) throws Exception {
    return new StateData<>(state, data);
  }

  /// State and data as a status and the report of a crash show them: the place to leave out what is
  /// secret or long.
  ///
  /// @param state the state
  /// @param data the data
  /// @return something to read; both by default
  default Object formatStatus(S state, D data) {
    return new StateData<>(state, data);
  }

  /// Starts a machine that is linked to nobody.
  ///
  /// @param node where
  /// @param machine its callbacks; a new instance for every machine
  /// @param options name, kind, limits
  /// @param <M> the protocol
  /// @param <S> the states
  /// @param <D> the data
  /// @return the outcome, when `init` is done
  static <M, S, D> CompletionStage<StartResult<M>> start(
      Node node, GenStatem<M, S, D> machine, ServerOptions options) {
    return GenServer.start(node, new StatemProcess<>(machine), options);
  }

  /// Starts a machine with the default options that is linked to nobody.
  ///
  /// @param node where
  /// @param machine its callbacks; a new instance for every machine
  /// @param <M> the protocol
  /// @param <S> the states
  /// @param <D> the data
  /// @return the outcome, when `init` is done
  static <M, S, D> CompletionStage<StartResult<M>> start(Node node, GenStatem<M, S, D> machine) {
    return start(node, machine, ServerOptions.DEFAULT);
  }

  /// Starts a machine linked to the calling process, which becomes its parent.
  ///
  /// @param parent the calling process
  /// @param machine its callbacks; a new instance for every machine
  /// @param options name, kind, limits
  /// @param <M> the protocol
  /// @param <S> the states
  /// @param <D> the data
  /// @return the outcome, when `init` is done; use it with [Self#await]
  static <M, S, D> CompletionStage<StartResult<M>> startLink(
      Self<?> parent, GenStatem<M, S, D> machine, ServerOptions options) {
    return GenServer.startLink(parent, new StatemProcess<>(machine), options);
  }

  /// Starts a machine with the default options linked to the calling process.
  ///
  /// @param parent the calling process
  /// @param machine its callbacks; a new instance for every machine
  /// @param <M> the protocol
  /// @param <S> the states
  /// @param <D> the data
  /// @return the outcome, when `init` is done; use it with [Self#await]
  static <M, S, D> CompletionStage<StartResult<M>> startLink(
      Self<?> parent, GenStatem<M, S, D> machine) {
    return startLink(parent, machine, ServerOptions.DEFAULT);
  }
}

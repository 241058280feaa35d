package dev.athanor.otp.process;

/// What a plain process does: the callbacks of one process, called one at a time.
///
/// Every process has its own instance, whose fields are its state and need no synchronization. A
/// callback that throws ends the process with [ExitReason.Crashed]; nobody but links, monitors and
/// telemetry hear of it. Most programs use a server on top of this (package server).
///
/// @param <M> the protocol: the messages it understands, a sealed interface of records as a rule
public interface Behavior<M> {
  /// The first callback, in the first turn of the process, before any message.
  ///
  /// @param self the process
  /// @throws Exception ends the process
  default void onStart(Self<M> self) throws Exception {}

  /// Handles one message.
  ///
  /// @param self the process
  /// @param message the message
  /// @throws Exception ends the process
  void onMessage(Self<M> self, M message) throws Exception;

  /// Handles a [Signal.Down], or a [Signal.Exit] while exits are trapped.
  ///
  /// @param self the process
  /// @param signal the signal
  /// @throws Exception ends the process
  default void onSignal(Self<M> self, Signal signal) throws Exception {}

  /// The last callback, whatever ends the process, except [ExitReason.Kill]. What it throws
  /// becomes the reason.
  ///
  /// @param self the process
  /// @param reason why it ends
  default void onExit(Self<M> self, ExitReason reason) {}

  /// The process is gone, whatever ended it, [ExitReason.Kill] included; names and property are
  /// released and links and monitors signalled. The place to complete what others wait for. Must
  /// not throw; nothing of [Self] is valid any more.
  ///
  /// @param pid the process, dead
  /// @param reason why it ended
  default void onGone(Pid<M> pid, ExitReason reason) {}
}

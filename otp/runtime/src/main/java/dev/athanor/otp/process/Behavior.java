package dev.athanor.otp.process;

import org.jspecify.annotations.Nullable;

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

  /// The last callback, whatever ends the process, except [ExitReason.Kill]. What it throws becomes
  /// the reason.
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

  /// Who waits for the outcome of the start of this process, as long as there is none: if the
  /// process ends before, and that one is linked and traps exits, it hears of it by the outcome
  /// alone (`proc_lib:start_link`). For packages that offer a start with an outcome.
  ///
  /// @return null unless overridden
  default @Nullable Pid<?> starter() {
    return null;
  }

  /// What system requests see of this process beyond what every process has. Called in its turns
  /// only, when a request asks.
  ///
  /// @return by default something without a state
  default Inside inside() {
    return PlainInside.NONE;
  }

  /// Serves a system request; unless overridden at once. A behavior that is not ready to be looked
  /// at may hand the request to [Node#system] again when it is, or refuse it.
  ///
  /// @param process this process
  /// @param request what is asked
  default void onSystem(Live process, SystemRequest request) {
    request.serve(process);
  }

  /// Tells whether a message or signal that arrives while the process is suspended makes it go on,
  /// because it asks for the end: the exit of the parent, for a server.
  ///
  /// @param messageOrSignal what arrived
  /// @return false unless overridden
  default boolean endsSuspension(Object messageOrSignal) {
    return false;
  }

  /// Something asked of a live process by an operator: a system message of OTP's `sys`. It is taken
  /// in its place among the messages; a suspended process goes on serving requests. Sent with
  /// [Node#system].
  interface SystemRequest {
    /// Acts, in a turn of the process; what it throws ends the process.
    ///
    /// @param process the process
    void serve(Live process);

    /// The process was gone, or ended before it came to this request; on any thread.
    ///
    /// @param reason why it ended; [ExitReason.NoProcess] when it was gone before
    void refused(ExitReason reason);
  }

  /// A process as a system request finds it. Valid while the request is served.
  interface Live {
    /// Its handle.
    ///
    /// @return the pid
    Pid<?> pid();

    /// What is known of its behavior.
    ///
    /// @return its inside
    Inside inside();

    /// How many messages, signals and requests it has handled.
    ///
    /// @return the count
    long handled();

    /// Tells whether it is suspended.
    ///
    /// @return true between [#suspend] and [#resume]
    boolean suspended();

    /// Handles no more messages until [#resume]; they wait, without limit.
    void suspend();

    /// Handles messages again.
    void resume();

    /// Who is told what the process does.
    ///
    /// @return the watcher, or null
    @Nullable Watcher watcher();

    /// Tells somebody else, or nobody, what the process does.
    ///
    /// @param watcher the watcher, or null
    void watch(@Nullable Watcher watcher);

    /// Ends the process in order, suspended or not.
    ///
    /// @param reason why
    void terminate(ExitReason reason);
  }

  /// What a behavior lets system requests see and change. All of it is called in turns of the
  /// process.
  interface Inside {
    /// The class of the callbacks.
    ///
    /// @return its name, or null for the class of the behavior
    default @Nullable String module() {
      return null;
    }

    /// Who started it and is obeyed when it ends.
    ///
    /// @return the parent, or null
    default @Nullable Pid<?> parent() {
      return null;
    }

    /// The state (`system_get_state`).
    ///
    /// @return the state itself
    /// @throws UnsupportedOperationException when it has none that could be shown
    default @Nullable Object state() {
      throw new UnsupportedOperationException(
          "a plain process keeps its state in its fields; override Behavior.inside() to show it");
    }

    /// Puts another state in the place of the present one (`system_replace_state`).
    ///
    /// @param state the state from now on
    default void replaceState(@Nullable Object state) {
      throw new UnsupportedOperationException("this process has no state that could be replaced");
    }

    /// The state as a status or a report shows it (`format_status`).
    ///
    /// @return something to read; null when there is nothing
    default @Nullable Object status() {
      return null;
    }

    /// Converts the state to a new version of the code (`system_code_change`).
    ///
    /// @param oldVersion the version the state is from
    /// @param extra anything the conversion wants to know
    /// @throws Exception leaves the state as it was
    default void changeCode(@Nullable Object oldVersion, @Nullable Object extra) throws Exception {
      throw new UnsupportedOperationException("this process has no codeChange");
    }

    /// Ends it by way of its own clean-up (`system_terminate`).
    ///
    /// @param reason why
    /// @return false when there is none and the process is simply to end
    default boolean terminate(ExitReason reason) {
      return false;
    }

    /// Who is told by the behavior itself.
    ///
    /// @return the watcher, or null
    default @Nullable Watcher watcher() {
      return null;
    }

    /// Makes the behavior tell a watcher of its events.
    ///
    /// @param watcher the watcher, or null
    /// @return false when it cannot, and the process is to tell of its messages instead
    default boolean watch(@Nullable Watcher watcher) {
      return false;
    }
  }

  /// Who is told what a process does, at once and in its turns: must be quick and must not throw.
  @FunctionalInterface
  interface Watcher {
    /// Something happened.
    ///
    /// @param event what
    void saw(SystemEvent event);
  }

  /// One thing a process did: a system event of OTP's `sys`.
  ///
  /// @param what the kind of thing
  /// @param subject the message, the reply, the continuation, the reason
  /// @param peer who waits for a reply to it, or who gets it
  /// @param state the state after it, where it is known
  record SystemEvent(
      What what, @Nullable Object subject, @Nullable Object peer, @Nullable Object state) {}

  /// Kinds of system events.
  enum What {
    /// A message or signal came and is about to be handled; a call with its peer.
    IN,
    /// A reply went out.
    OUT,
    /// A callback returned without a reply.
    NO_REPLY,
    /// A continuation is about to be handled.
    CONTINUE,
    /// A state was entered.
    ENTER,
    /// An event was put off until the state changes.
    POSTPONE,
    /// An event was dealt with.
    CONSUME,
    /// A timeout was started.
    START_TIMER,
    /// A timeout of zero became an event.
    INSERT_TIMEOUT,
    /// The state was converted to a new version of the code.
    CODE_CHANGE,
    /// The process cleans up.
    TERMINATE,
    /// The process is gone.
    EXIT
  }
}

package dev.athanor.otp.server;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A process that keeps a state and serves requests: the callbacks of one server, called one at a
/// time, and the functions by which others use it.
///
/// The state travels through the callbacks: each gets it and returns it in its [Next]. Calls are
/// messages that implement [Request]; casts are the others; everything else comes to [#handleInfo].
/// A callback that throws, or returns null, ends the server with [ExitReason.Crashed] after
/// [#terminate]; callers that wait get [ServerDown], the supervisor an exit signal. On an event
/// loop no callback may block: keep the [From] and reply later, or use [ServerSelf#await].
///
/// Corresponds to Erlang's `gen_server` and Elixir's `GenServer`.
///
/// @param <M> the protocol: calls and casts, a sealed interface of records as a rule
/// @param <S> the state
public interface GenServer<M, S> {
  /// How long a call waits unless told otherwise: 5 seconds.
  Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  /// Makes the first state. Whoever starts the server learns the outcome when this has returned.
  ///
  /// @param self the server, to keep
  /// @return the decision
  /// @throws Exception makes the start fail
  InitResult<S> init(ServerSelf<M> self) throws Exception;

  /// Handles a call.
  ///
  /// @param request the request
  /// @param from who waits for the reply
  /// @param state the state
  /// @return the decision
  /// @throws Exception ends the server
  default Next<S> handleCall(M request, From<?> from, S state) throws Exception {
    throw new UnsupportedOperationException(
        getClass().getName() + " has no handleCall and was called with " + request);
  }

  /// Handles a cast.
  ///
  /// @param message the message
  /// @param state the state
  /// @return the decision; a reply is a mistake here
  /// @throws Exception ends the server
  default Next<S> handleCast(M message, S state) throws Exception {
    throw new UnsupportedOperationException(
        getClass().getName() + " has no handleCast and was cast " + message);
  }

  /// Handles everything else; ignores it unless overridden.
  ///
  /// @param info a signal, a timeout, or a plain message
  /// @param state the state
  /// @return the decision; a reply is a mistake here
  /// @throws Exception ends the server
  default Next<S> handleInfo(Info info, S state) throws Exception {
    return Next.noReply(state);
  }

  /// Goes on with what [Action#continueWith] announced, before any message.
  ///
  /// @param continuation what was announced
  /// @param state the state
  /// @return the decision; a reply is a mistake here
  /// @throws Exception ends the server
  default Next<S> handleContinue(Object continuation, S state) throws Exception {
    throw new UnsupportedOperationException(
        getClass().getName() + " has no handleContinue and was to continue with " + continuation);
  }

  /// Prepares the end, when that takes asynchronous work: called where [#terminate] would be, which
  /// then follows when the stage has completed, well or not. Meanwhile continuations run and
  /// messages are no longer handled. Like everything else it is cut short by [ExitReason.Kill],
  /// which a supervisor sends when its patience ends.
  ///
  /// @param reason why
  /// @param state the last state
  /// @return null when there is nothing to wait for
  /// @throws Exception becomes the reason
  default @Nullable CompletionStage<?> prepareToStop(ExitReason reason, S state) throws Exception {
    return null;
  }

  /// Cleans up. Called when a callback stops the server or throws, and when the parent ends or
  /// stops it while it traps exits; not when an exit signal ends it untrapped.
  ///
  /// @param reason why
  /// @param state the last state
  /// @throws Exception becomes the reason
  default void terminate(ExitReason reason, S state) throws Exception {}

  /// Converts the state to a new version of the code, while the server is suspended: called by
  /// `Sys.changeCode` and by upgrades that replace classes in a running system.
  ///
  /// @param oldVersion the version the state is from; null when it is not known
  /// @param state the state
  /// @param extra anything the conversion wants to know; null when there is nothing
  /// @return the state from now on; the same by default
  /// @throws Exception leaves the state as it was, and the change fails
  default S codeChange(@Nullable Object oldVersion, S state, @Nullable Object extra)
      throws Exception {
    return state;
  }

  /// The state as a status and the report of a crash show it: the place to leave out what is secret
  /// or long (`format_status/1`).
  ///
  /// @param state the state
  /// @return something to read; the state itself by default
  default Object formatStatus(S state) {
    return state;
  }

  /// For servers that are the ground of another behavior and keep its state elsewhere: what system
  /// requests see in the place of this server's own state and callbacks.
  ///
  /// @param server this server as system requests would see it
  /// @return by default the same
  default Behavior.Inside inside(Behavior.Inside server) {
    return server;
  }

  /// Starts a server that is linked to nobody (`start/3`).
  ///
  /// @param node where
  /// @param server its callbacks; a new instance for every server
  /// @param <M> the protocol
  /// @param <S> the state
  /// @return the outcome, when `init` is done
  static <M, S> CompletionStage<StartResult<M>> start(Node node, GenServer<M, S> server) {
    return start(node, server, ServerOptions.DEFAULT);
  }

  /// Starts a server that is linked to nobody.
  ///
  /// @param node where
  /// @param server its callbacks; a new instance for every server
  /// @param options name, kind, limits
  /// @param <M> the protocol
  /// @param <S> the state
  /// @return the outcome, when `init` is done
  static <M, S> CompletionStage<StartResult<M>> start(
      Node node, GenServer<M, S> server, ServerOptions options) {
    ServerProcess<M, S> process = new ServerProcess<>(server, options, null);
    var outcome = process.outcome();
    Pid<Object> pid = node.spawn(process, options.spawn());
    return StartLimit.of(outcome, pid, null, options.initTimeout());
  }

  /// Starts a server linked to the calling process, which becomes its parent (`start_link/3`). A
  /// start that fails sends the parent an exit signal unless it traps exits.
  ///
  /// @param parent the calling process
  /// @param server its callbacks; a new instance for every server
  /// @param <M> the protocol
  /// @param <S> the state
  /// @return the outcome, when `init` is done; use it with [Self#await]
  static <M, S> CompletionStage<StartResult<M>> startLink(Self<?> parent, GenServer<M, S> server) {
    return startLink(parent, server, ServerOptions.DEFAULT);
  }

  /// Starts a server linked to the calling process.
  ///
  /// @param parent the calling process
  /// @param server its callbacks; a new instance for every server
  /// @param options name, kind, limits
  /// @param <M> the protocol
  /// @param <S> the state
  /// @return the outcome, when `init` is done; use it with [Self#await]
  static <M, S> CompletionStage<StartResult<M>> startLink(
      Self<?> parent, GenServer<M, S> server, ServerOptions options) {
    ServerProcess<M, S> process = new ServerProcess<>(server, options, parent.pid());
    var outcome = process.outcome();
    Pid<Object> pid = parent.spawnLink(process, options.spawn());
    return StartLimit.of(outcome, pid, parent.pid(), options.initTimeout());
  }

  /// Calls with the default timeout.
  ///
  /// @param server whom
  /// @param request what
  /// @param <R> the type of the reply
  /// @param <Q> the type of the request
  /// @return the reply; see [#call(Pid, Request, Duration)]
  static <R extends @Nullable Object, Q extends Request<R>> CompletionStage<R> call(
      Pid<? super Q> server, Q request) {
    return call(server, request, CALL_TIMEOUT);
  }

  /// Sends a request and returns at once; may be called from any thread. The stage fails with
  /// [ServerDown] when the server is or goes down, with [CallTimeout] in the end, with
  /// [CallingSelf] when a process calls itself, with [CallFailed.MailboxFull] when the server has a
  /// bounded mailbox that is full; it throws for null alone. Stages that depend on the result run
  /// on the thread that replies, as nobody's callback ([Node#current] is null): a process uses
  /// [Self#await], others should move off it.
  ///
  /// @param server whom
  /// @param request what
  /// @param timeout how long to wait
  /// @param <R> the type of the reply
  /// @param <Q> the type of the request
  /// @return the reply
  static <R extends @Nullable Object, Q extends Request<R>> CompletionStage<R> call(
      Pid<? super Q> server, Q request, Duration timeout) {
    return PendingCall.send(server, request, timeout);
  }

  /// Calls and waits for the reply, with the default timeout; not on an event loop.
  ///
  /// @param server whom
  /// @param request what
  /// @param <R> the type of the reply
  /// @param <Q> the type of the request
  /// @return the reply
  static <R extends @Nullable Object, Q extends Request<R>> R callBlocking(
      Pid<? super Q> server, Q request) {
    return GenServer.<R, Q>callBlocking(server, request, CALL_TIMEOUT);
  }

  /// Calls and waits for the reply, on a thread that may block: a virtual thread, a worker, a
  /// thread of the application's own.
  ///
  /// @param server whom
  /// @param request what
  /// @param timeout how long to wait
  /// @param <R> the type of the reply
  /// @param <Q> the type of the request
  /// @return the reply
  /// @throws CallFailed when there is none
  /// @throws IllegalStateException on an event loop
  static <R extends @Nullable Object, Q extends Request<R>> R callBlocking(
      Pid<? super Q> server, Q request, Duration timeout) {
    PendingCall.refuseOnEventLoop(server.node(), server, request);
    return PendingCall.join(PendingCall.<R>send(server, request, timeout), server);
  }

  /// Calls whoever has a name, with the default timeout.
  ///
  /// @param node where to look
  /// @param name the name
  /// @param request what
  /// @param <R> the type of the reply
  /// @param <Q> the type of the request
  /// @return the reply
  static <R extends @Nullable Object, Q extends Request<R>> CompletionStage<R> call(
      Node node, Name name, Q request) {
    return call(node, name, request, CALL_TIMEOUT);
  }

  /// Calls whoever has a name. Fails as a call to a pid does, and with [CallFailed.UnknownName] at
  /// once when nobody has it. That the holder understands the request is not checked.
  ///
  /// @param node where to look
  /// @param name the name
  /// @param request what
  /// @param timeout how long to wait
  /// @param <R> the type of the reply
  /// @param <Q> the type of the request
  /// @return the reply
  static <R extends @Nullable Object, Q extends Request<R>> CompletionStage<R> call(
      Node node, Name name, Q request, Duration timeout) {
    return PendingCall.send(node, name, request, timeout);
  }

  /// Calls whoever has a name and waits for the reply, as [#callBlocking(Pid, Request, Duration)].
  ///
  /// @param node where to look
  /// @param name the name
  /// @param request what
  /// @param timeout how long to wait
  /// @param <R> the type of the reply
  /// @param <Q> the type of the request
  /// @return the reply
  /// @throws CallFailed when there is none
  /// @throws IllegalStateException on an event loop
  static <R extends @Nullable Object, Q extends Request<R>> R callBlocking(
      Node node, Name name, Q request, Duration timeout) {
    PendingCall.refuseOnEventLoop(node, name, request);
    return PendingCall.join(PendingCall.<R>send(node, name, request, timeout), name);
  }

  /// Sends whoever has a name a message that is not answered; any thread, never fails. When nobody
  /// has it, the message is a dead letter (`gen_server:cast/2` with an unknown name is `ok`).
  ///
  /// @param node where to look
  /// @param name the name
  /// @param message what
  static void cast(Node node, Name name, Object message) {
    var _ = node.trySend(name, new Cast(message));
  }

  /// Sends a message that is not answered; any thread, never fails.
  ///
  /// @param server whom
  /// @param message what
  /// @param <M> the type of the message
  static <M> void cast(Pid<? super M> server, M message) {
    PendingCall.raw(server).send(new Cast(message));
  }

  /// Replies to a call; the same as [From#reply].
  ///
  /// @param from who waits
  /// @param value the reply
  /// @param <R> the type of the reply
  static <R extends @Nullable Object> void reply(From<R> from, R value) {
    from.reply(value);
  }

  /// Stops a server in order with [ExitReason.Normal] and waits for its end, for 5 seconds.
  ///
  /// @param server whom
  /// @return completes when it is gone
  static CompletionStage<@Nullable Void> stop(Pid<?> server) {
    return stop(server, ExitReason.NORMAL, CALL_TIMEOUT);
  }

  /// Stops a server in order: `terminate`, then the end (`gen_server:stop/3`). The stage fails with
  /// [ServerDown] when it was gone before or ended for another reason.
  ///
  /// @param server whom
  /// @param reason why
  /// @param timeout how long to wait
  /// @return completes when it is gone
  static CompletionStage<@Nullable Void> stop(Pid<?> server, ExitReason reason, Duration timeout) {
    return PendingCall.send(server, new StopRequest(reason), timeout);
  }
}

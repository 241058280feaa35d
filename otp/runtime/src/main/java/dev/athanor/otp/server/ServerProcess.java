package dev.athanor.otp.server;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.ProcessInfo;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.process.TimerRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The behavior under every server: turns messages into callbacks and decisions into deeds.
///
/// Its fields belong to the turns of the process; the starter touches it before the process runs
/// and keeps nothing but the outcome.
final class ServerProcess<M, S> extends ServerHandle<M>
    implements Behavior<Object>, ProcessInfo.Described {
  /// Comes when a timeout passes; stale unless it is the one that is waited for.
  private static final class Tick {
    final Duration after;
    @Nullable TimerRef timer;

    Tick(Duration after) {
      this.after = after;
    }
  }

  private GenServer<M, S> server;
  private final @Nullable Pid<?> parent;
  private @Nullable Startup<M> startup;
  private @Nullable S state;
  private @Nullable Tick tick;
  private @Nullable List<PendingCall<?>> open;
  private @Nullable ExitReason stopping;
  private @Nullable ExitReason exitAsked;

  ServerProcess(GenServer<M, S> server, ServerOptions options, @Nullable Pid<?> parent) {
    this.server = Objects.requireNonNull(server, "server");
    this.parent = parent;
    this.startup = new Startup<>(options.name());
  }

  CompletableFuture<StartResult<M>> outcome() {
    return Objects.requireNonNull(startup).outcome;
  }

  // ---- start ---------------------------------------------------------------------------------

  @Override
  public void onStart(Self<Object> started) {
    attach(started);
    Startup<M> start = Objects.requireNonNull(startup);
    try {
      Pid<?> holder = start.name == null ? null : start.name.claim(started.pid());
      if (holder != null) {
        refuse(start, new StartResult.AlreadyStarted<>(holder), ExitReason.NORMAL);
        return;
      }
      doing = INIT;
      decide(start, server.init(this));
    } catch (Throwable failure) {
      refuseCrash(start, failure);
    }
  }

  private void decide(Startup<M> start, @Nullable InitResult<S> result) {
    switch (result) {
      case InitResult.Ok<S> ok -> {
        if (start.refused == null) {
          state = ok.state();
          startup = null;
          var _ = Node.complete(start.outcome, new StartResult.Started<>(pid()));
          act(ok.action());
          catchUp(start.waiting);
        }
      }
      case InitResult.Ignore<S> _ -> refuse(start, new StartResult.Ignored<>(), ExitReason.NORMAL);
      case InitResult.Stop<S> stop ->
          refuse(start, new StartResult.Failed<>(stop.reason()), stop.reason());
      case InitResult.Later<S> later ->
          process()
              .await(
                  later.decision(),
                  (decision, failure) -> {
                    if (failure != null) {
                      refuseCrash(start, failure);
                    } else {
                      try {
                        decide(start, decision);
                      } catch (Throwable crash) {
                        crashed(crash, "init");
                      }
                    }
                  });
      case null ->
          throw new IllegalStateException(module() + ".init decided null; return an InitResult");
    }
  }

  /// System requests go to the end of the mailbox: one of them may suspend the server, which must
  /// not keep a message that it was sent before.
  private void catchUp(List<Object> waiting) {
    for (Object message : waiting) {
      if (message instanceof Startup.Heard(Info info)) {
        later(info);
      } else if (!(message instanceof Startup.Asked)) {
        receive(message);
      }
    }
    for (Object message : waiting) {
      if (message instanceof Startup.Asked(SystemRequest request)) {
        node().system(process().pid(), request);
      }
    }
  }

  @Override
  public @Nullable Pid<?> starter() {
    return startup == null ? null : parent;
  }

  private void refuseCrash(Startup<M> start, Throwable failure) {
    ExitReason reason = new ExitReason.Crashed(failure);
    refuse(start, new StartResult.Failed<>(reason), reason);
  }

  private void refuse(Startup<M> start, StartResult<M> result, ExitReason reason) {
    if (start.refused == null) {
      process().exit(reason);
      start.refused = result;
    }
  }

  // ---- messages ------------------------------------------------------------------------------

  @Override
  public void onMessage(Self<Object> process, Object message) {
    if (startup != null) {
      startup.waiting.add(message);
    } else {
      receive(message);
    }
  }

  @SuppressWarnings("unchecked")
  private void receive(Object message) {
    if (stopping != null) {
      if (message instanceof PendingCall<?> tooLate) {
        keepOpen(tooLate);
      }
      return;
    }
    if (message instanceof Tick) {
      if (message == tick) {
        tick = null;
        info(new Info.Timeout());
      }
      return;
    }
    calmTimeout();
    PendingCall<?> call = null;
    Next<S> next;
    try {
      if (message instanceof PendingCall<?> pending) {
        call = pending;
        if (pending.request() instanceof StopRequest request) {
          keepOpen(pending);
          stop(request.reason(), pending);
          return;
        }
        doing = CALL;
        next = server.handleCall((M) pending.request(), pending, current());
      } else if (message instanceof Cast cast) {
        doing = CAST;
        next = server.handleCast((M) cast.message(), current());
      } else {
        doing = INFO;
        next = server.handleInfo(new Info.Message(message), current());
      }
      apply(next, call, message);
    } catch (Throwable failure) {
      if (call != null) {
        keepOpen(call);
      }
      crashed(failure, message);
    }
  }

  @Override
  public void onSignal(Self<Object> process, Signal signal) {
    switch (signal) {
      case Signal.Exit exit -> {
        if (exit.from().equals(parent)) {
          stop(exit.reason(), exit);
        } else {
          later(new Info.Exit(exit.from(), exit.reason()));
        }
      }
      case Signal.Down down -> later(new Info.Down(down.ref(), down.pid(), down.reason()));
    }
  }

  private void later(Info info) {
    if (stopping != null) {
      return;
    }
    if (startup == null) {
      calmTimeout();
      info(info);
    } else {
      startup.waiting.add(new Startup.Heard(info));
    }
  }

  private void info(Info info) {
    try {
      doing = INFO;
      apply(server.handleInfo(info, current()), null, info);
    } catch (Throwable failure) {
      crashed(failure, info);
    }
  }

  // ---- decisions -----------------------------------------------------------------------------

  private void apply(@Nullable Next<S> next, @Nullable PendingCall<?> call, Object last) {
    act(decided(next, call, last));
  }

  /// Does what a decision says, but for the action, which it returns.
  private Action decided(@Nullable Next<S> next, @Nullable PendingCall<?> call, Object last) {
    Action action = Action.none();
    switch (next) {
      case Next.Reply<S> reply -> {
        if (call == null) {
          throw new IllegalStateException(
              module() + " replied to " + last + ", which is not a call");
        }
        state = reply.state();
        call.replyUnchecked(reply.value());
        action = reply.action();
      }
      case Next.NoReply<S> noReply -> {
        state = noReply.state();
        if (call != null && call.isWaiting()) {
          keepOpen(call);
        }
        action = noReply.action();
      }
      case Next.Stop<S> stop -> {
        state = stop.state();
        if (call != null && !stop.replies()) {
          keepOpen(call);
        }
        stop(stop.reason(), last);
        if (call != null && stop.replies()) {
          call.replyUnchecked(stop.value());
        }
      }
      case null ->
          throw new IllegalStateException(
              module() + " decided null on " + last + "; return a Next");
    }
    if (stopping == null && exitAsked != null) {
      stop(exitAsked, last);
    }
    return stopping == null ? action : Action.none();
  }

  private void act(Action first) {
    @Nullable Action action = first;
    while (action != null) {
      action =
          switch (action) {
            case Action.Plain _ -> null;
            case Action.Timeout timeout -> {
              startTimeout(timeout.after());
              yield null;
            }
            case Action.Continue go -> continued(go);
          };
    }
  }

  private @Nullable Action continued(Action.Continue go) {
    try {
      doing = CONTINUE;
      return decided(server.handleContinue(go.continuation(), current()), null, go);
    } catch (Throwable failure) {
      crashed(failure, go);
      return null;
    }
  }

  private void startTimeout(Duration after) {
    Tick fresh = new Tick(after);
    tick = fresh;
    fresh.timer = process().sendAfter(after, process().pid(), fresh);
  }

  private void calmTimeout() {
    Tick current = tick;
    if (current != null) {
      tick = null;
      if (current.timer != null) {
        process().cancel(current.timer);
      }
    }
  }

  private void keepOpen(PendingCall<?> call) {
    if (open == null) {
      open = new ArrayList<>(2);
    }
    int size = open.size();
    if (size >= 16 && (size & (size - 1)) == 0) {
      open.removeIf(earlier -> !earlier.isWaiting());
    }
    open.add(call);
  }

  @SuppressWarnings("NullAway") // set before any callback but init
  S current() {
    return state;
  }

  // ---- system requests -----------------------------------------------------------------------

  @Override
  public void onSystem(Live live, SystemRequest request) {
    if (startup != null) {
      startup.waiting.add(new Startup.Asked(request));
    } else if (stopping != null) {
      var _ = node().exited(process().pid()).thenAccept(request::refused);
    } else {
      Tick running = tick;
      if (running != null) {
        calmTimeout();
        startTimeout(running.after);
      }
      request.serve(live);
    }
  }

  @Override
  public boolean endsSuspension(Object messageOrSignal) {
    return switch (messageOrSignal) {
      case Signal.Exit exit -> exit.from().equals(parent);
      case PendingCall<?> call -> call.request() instanceof StopRequest;
      default -> false;
    };
  }

  @Override
  public Inside inside() {
    return WatchedServer.bare(server).inside(new ServerInside<>(this));
  }

  private String module() {
    return Objects.requireNonNullElseGet(inside().module(), () -> server.getClass().getName());
  }

  GenServer<M, S> callbacks() {
    return server;
  }

  void callbacks(GenServer<M, S> other) {
    server = other;
  }

  void become(S other) {
    state = other;
  }

  @Nullable Pid<?> parent() {
    return parent;
  }

  // ---- the end -------------------------------------------------------------------------------

  @Override
  public void exit(ExitReason reason) {
    if (startup != null) {
      refuse(startup, new StartResult.Failed<>(reason), reason);
    } else if (exitAsked == null) {
      exitAsked = Objects.requireNonNull(reason, "an exit needs a reason");
    }
  }

  @Override
  void afterContinuation() {
    if (stopping == null && exitAsked != null) {
      stop(exitAsked);
    }
  }

  @Override
  void crashed(Throwable failure, Object last) {
    stop(new ExitReason.Crashed(failure), last);
  }

  void stop(ExitReason reason) {
    stop(reason, "stop");
  }

  /// Ends the server because of the last message.
  private void stop(ExitReason reason, Object last) {
    if (stopping != null) {
      return;
    }
    if (Node.isKilled(process().pid())) {
      stopping = ExitReason.KILLED; // which waits in the inbox
      return;
    }
    if (!reason.isOrderly() && startup == null) {
      CrashReport.emit(process().pid(), module(), inside(), reason, last);
    }
    stopping = reason;
    CompletionStage<?> prepared = null;
    if (startup == null) {
      try {
        prepared = server.prepareToStop(reason, current());
      } catch (Throwable failure) {
        stopping = new ExitReason.Crashed(failure);
      }
    }
    if (prepared == null) {
      finish(reason);
    } else {
      process().await(prepared, (done, failure) -> finish(reason));
    }
  }

  private void finish(ExitReason reason) {
    if (startup == null) {
      try {
        doing = TERMINATE;
        server.terminate(reason, current());
      } catch (Throwable failure) {
        stopping = new ExitReason.Crashed(failure);
      }
    }
    process().exit(Objects.requireNonNullElse(stopping, reason));
  }

  // ---- what a look from outside shows --------------------------------------------------------

  @Override
  public String description() {
    return module();
  }

  @Override
  public void onGone(Pid<Object> pid, ExitReason reason) {
    Startup<M> start = startup;
    if (start != null) {
      var _ =
          Node.complete(
              start.outcome,
              start.refused == null || reason instanceof ExitReason.Killed
                  ? new StartResult.Failed<>(reason)
                  : start.refused);
      for (Object message : start.waiting) {
        if (message instanceof PendingCall<?> call) {
          call.undelivered(pid, reason);
        } else if (message instanceof Startup.Asked(SystemRequest request)) {
          request.refused(reason);
        }
      }
    }
    if (open != null) {
      for (PendingCall<?> call : open) {
        call.undelivered(pid, reason);
      }
    }
    Behavior.Watcher watcher = inside().watcher();
    if (watcher != null) {
      watcher.saw(new Behavior.SystemEvent(Behavior.What.EXIT, reason, null, null));
    }
  }
}

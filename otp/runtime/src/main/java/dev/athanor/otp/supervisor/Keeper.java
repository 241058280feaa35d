package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.telemetry.Event;
import dev.athanor.otp.telemetry.Telemetry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What every supervisor does: starts and stops single children and counts restarts.
///
/// OTP's supervisor blocks while a child starts or stops. This one may not block, so it works
/// through a queue of operations, each of which runs to its end, over several turns if need be,
/// before the next begins. All fields belong to the turns of the supervisor.
///
/// @param <C> the calls it answers
abstract class Keeper<C> implements GenServer<C, Keeper.Up> {
  /// The state that goes through the callbacks; the real one is in the fields.
  enum Up {
    UP
  }

  /// One child, running or not.
  static final class Child {
    final ChildSpec spec;
    @Nullable Pid<?> pid;
    boolean restarting;

    Child(ChildSpec spec) {
      this.spec = spec;
    }

    ChildInfo info() {
      return new ChildInfo(spec.id(), pid, spec.type(), restarting);
    }
  }

  static final CompletionStage<Up> NOW = CompletableFuture.completedStage(Up.UP);

  private final int intensity;
  private final long periodNanos;
  private final Deque<Long> restarts = new ArrayDeque<>(4);
  private final Deque<Runnable> operations = new ArrayDeque<>(4);
  private final Map<Pid<?>, Child> running = new HashMap<>();

  /// Ends of processes nobody knows, while a start is under way: the child may end before the
  /// outcome of its start arrives.
  private final Map<Pid<?>, ExitReason> strays = new HashMap<>(2);

  private @Nullable ServerSelf<C> handle;
  private int starting;
  private boolean busy;
  private boolean pumping;
  private boolean stopping;

  Keeper(int intensity, Duration period) {
    this.intensity = intensity;
    this.periodNanos = period.toNanos();
  }

  @Override
  public final InitResult<Up> init(ServerSelf<C> self) {
    handle = self;
    self.trapExit(true);
    CompletableFuture<InitResult<Up>> decision = new CompletableFuture<>();
    enqueue(() -> startUp(decision));
    return decision.isDone() ? decision.join() : InitResult.later(decision);
  }

  @Override
  public final Next<Up> handleCall(C request, From<?> from, Up state) {
    serve(request, from);
    return Next.noReply(state);
  }

  @Override
  public final Next<Up> handleInfo(Info info, Up state) {
    if (info instanceof Info.Exit exit) {
      if (running.containsKey(exit.from())) {
        enqueue(() -> exited(exit.from(), exit.reason()));
      } else if (starting > 0) {
        strays.put(exit.from(), exit.reason());
      }
    }
    return Next.noReply(state);
  }

  @Override
  public final CompletionStage<?> prepareToStop(ExitReason reason, Up state) {
    CompletableFuture<Up> stopped = new CompletableFuture<>();
    stopping = true;
    operations.clear();
    if (reason instanceof ExitReason.Crashed) {
      busy = false;
    }
    operations.addFirst(() -> stopAll(() -> stopped.complete(Up.UP)));
    pump();
    return stopped;
  }

  @Override
  public final Behavior.Inside inside(Behavior.Inside server) {
    return new KeeperInside(this, server);
  }

  /// The children as an operator sees them.
  List<ChildInfo> look() {
    return running.values().stream().map(Child::info).toList();
  }

  /// Brings the first children up and decides.
  abstract void startUp(CompletableFuture<InitResult<Up>> decision);

  /// Answers one call, now or by way of an operation.
  abstract void serve(C request, From<?> from);

  /// A child that ran has ended by itself; it is no longer among the running. Calls [#done] when
  /// everything that follows from it has happened.
  abstract void ended(Child child, ExitReason reason);

  /// Stops all children.
  abstract void stopAll(Runnable then);

  // ---- operations ----------------------------------------------------------------------------

  final ServerSelf<C> self() {
    return Objects.requireNonNull(handle);
  }

  final Map<Pid<?>, Child> running() {
    return running;
  }

  final boolean isStopping() {
    return stopping;
  }

  /// Queues an operation, which calls [#done] at its end.
  final void enqueue(Runnable operation) {
    if (!stopping) {
      operations.addLast(operation);
      pump();
    }
  }

  /// Queues an operation in a later turn: what is tried again and again must not keep messages and
  /// exit signals waiting.
  final void enqueueLater(Runnable operation) {
    self().await(NOW, (now, failure) -> enqueue(operation));
  }

  final void done() {
    busy = false;
    pump();
  }

  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (!busy) {
        Runnable operation = operations.pollFirst();
        if (operation == null) {
          return;
        }
        busy = true;
        operation.run();
      }
    } finally {
      pumping = false;
    }
  }

  /// Takes one step after the other, each of which calls its continuation when it is done; without
  /// recursion when steps are done at once.
  static <T> void sequence(Iterator<T> items, BiConsumer<T, Runnable> step, Runnable end) {
    new Runnable() {
      private boolean inside;
      private boolean again;

      @Override
      public void run() {
        again = true;
        if (inside) {
          return;
        }
        inside = true;
        while (again) {
          again = false;
          if (items.hasNext()) {
            step.accept(items.next(), this);
          } else {
            end.run();
          }
        }
        inside = false;
      }
    }.run();
  }

  // ---- children ------------------------------------------------------------------------------

  private void exited(Pid<?> pid, ExitReason reason) {
    Child child = running.remove(pid);
    if (child == null) {
      done();
      return;
    }
    child.pid = null;
    report("athanor.supervisor.child_terminated", child, pid, reason);
    ended(child, reason);
  }

  /// Starts a child that does not run.
  final void start(Child child, Consumer<StartResult<?>> then) {
    starting++;
    CompletionStage<? extends StartResult<?>> stage;
    try {
      stage = launch(child.spec.start());
      if (stage == null) {
        throw new IllegalStateException(
            "the start of child '"
                + child.spec.id()
                + "' returned null; return a stage with its StartResult");
      }
    } catch (Throwable failure) {
      started(child, new StartResult.Failed<>(new ExitReason.Crashed(failure)), then);
      return;
    }
    CompletableFuture<? extends StartResult<?>> future = stage.toCompletableFuture();
    StartResult<?> already =
        future.isDone() && !future.isCompletedExceptionally() ? future.join() : null;
    if (already != null) {
      started(child, already, then);
    } else {
      self()
          .await(
              stage,
              (result, failure) ->
                  started(
                      child,
                      result != null
                          ? result
                          : new StartResult.Failed<>(
                              new ExitReason.Crashed(
                                  failure != null
                                      ? failure
                                      : new IllegalStateException(
                                          "the start of child '"
                                              + child.spec.id()
                                              + "' completed with null"))),
                      then));
    }
  }

  /// Calls the function that starts a child.
  CompletionStage<? extends StartResult<?>> launch(ChildStart start) throws Exception {
    return start.start(self());
  }

  private void started(Child child, StartResult<?> result, Consumer<StartResult<?>> then) {
    starting--;
    child.restarting = false;
    if (result instanceof StartResult.Started<?>(Pid<?> pid)) {
      child.pid = pid;
      running.put(pid, child);
      report("athanor.supervisor.child_started", child, pid, null);
      ExitReason early = strays.remove(pid);
      if (early != null) {
        enqueue(() -> exited(pid, early));
      } else {
        self().link(pid);
      }
    }
    if (result instanceof StartResult.Failed<?>(ExitReason reason)) {
      report("athanor.supervisor.start_failed", child, null, reason);
    } else if (result instanceof StartResult.AlreadyStarted<?> other) {
      report("athanor.supervisor.start_failed", child, null, ExitReason.of(other));
    }
    if (starting == 0) {
      strays.clear();
    }
    then.accept(result);
  }

  /// Stops a child as its spec says; one that does not run is stopped already.
  final void stop(Child child, Runnable then) {
    Pid<?> pid = child.pid;
    if (pid == null) {
      then.run();
      return;
    }
    running.remove(pid);
    child.pid = null;
    self().unlink(pid);
    CompletionStage<ExitReason> gone = self().node().exited(pid);
    Patience patience = new Patience(pid);
    switch (child.spec.shutdown()) {
      case Shutdown.Brutal _ -> self().exit(pid, ExitReason.KILL);
      case Shutdown.Infinite _ -> self().exit(pid, ExitReason.SHUTDOWN);
      case Shutdown.Within within -> {
        self().exit(pid, ExitReason.SHUTDOWN);
        self().node().arm(patience, within.limit());
      }
    }
    self()
        .await(
            gone,
            (reason, failure) -> {
              patience.disarm();
              report(
                  "athanor.supervisor.child_terminated",
                  child,
                  pid,
                  reason == null ? ExitReason.NO_PROCESS : reason);
              then.run();
            });
  }

  private static final class Patience extends Node.Deadline {
    private final Pid<?> pid;

    private Patience(Pid<?> pid) {
      this.pid = pid;
    }

    @Override
    protected void expired() {
      pid.node().exit(pid, ExitReason.KILL);
    }
  }

  /// Counts one more restart.
  ///
  /// @return false when that is one too many: then the supervisor is about to stop
  final boolean mayRestart(Child child) {
    long now = self().node().scheduler().nanoTime();
    restarts.addLast(now);
    while (now - restarts.peekFirst() > periodNanos) {
      restarts.removeFirst();
    }
    if (restarts.size() <= intensity) {
      reportRestart(child);
      return true;
    }
    report("athanor.supervisor.restart_limit", child, self().pid(), ExitReason.SHUTDOWN);
    leave();
    return false;
  }

  private void reportRestart(Child child) {
    Telemetry telemetry = self().node().telemetry();
    if (telemetry.isAttached("athanor.supervisor.restart")) {
      telemetry.execute(
          new Event(
              "athanor.supervisor.restart",
              Map.of("restarts", restarts.size(), "intensity", intensity),
              Map.of("supervisor", self().pid(), "child", child.spec.id())));
    }
  }

  /// Stops the supervisor itself, and whatever was to be done besides.
  final void leave() {
    stopping = true;
    operations.clear();
    self().exit(ExitReason.SHUTDOWN);
  }

  final void report(String name, Child child, @Nullable Pid<?> pid, @Nullable ExitReason reason) {
    Telemetry telemetry = self().node().telemetry();
    if (telemetry.isAttached(name)) {
      Map<String, Object> about = new HashMap<>();
      about.put("supervisor", self().pid());
      about.put("child", child.spec.id());
      about.put("restart", child.spec.restart());
      about.put("shutdown", child.spec.shutdown());
      about.put("type", child.spec.type());
      if (pid != null) {
        about.put("pid", pid);
      }
      if (reason != null) {
        about.put("reason", reason);
      }
      telemetry.execute(Event.of(name, about));
    }
  }

  @SuppressWarnings("unchecked")
  static <R> void answer(From<?> from, R value) {
    ((From<R>) from).reply(value);
  }
}

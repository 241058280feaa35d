package dev.athanor.otp.conformance;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Info;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// What scenarios are played on: a node in virtual time, processes that do what they are told, and
/// a diary of what happened.
final class Stage {
  static final ExitReason BOOM = ExitReason.of("boom");

  final DeterministicScheduler scheduler = new DeterministicScheduler(1);
  final Node node = Node.on(scheduler);
  final List<Object> diary = new ArrayList<>();

  // ---- plain processes -----------------------------------------------------------------------

  @FunctionalInterface
  interface Act {
    void perform(Self<Act> self) throws Exception;
  }

  /// A process that performs what it is sent and keeps the signals that reach it.
  final class Actor implements Behavior<Act> {
    final List<Object> heard = new ArrayList<>();
    final Pid<Act> pid = node.spawn(this);
    final CompletableFuture<ExitReason> ended = node.exited(pid).toCompletableFuture();

    @Override
    public void onMessage(Self<Act> self, Act act) throws Exception {
      act.perform(self);
    }

    @Override
    public void onSignal(Self<Act> self, Signal signal) {
      heard.add(signal);
    }

    Actor does(Act act) {
      pid.send(act);
      scheduler.runUntilIdle();
      return this;
    }

    /// What the act finds out, in the process.
    <T> T finds(Function<Self<Act>, T> question) {
      AtomicReference<T> found = new AtomicReference<>();
      does(self -> found.set(question.apply(self)));
      return found.get();
    }

    /// The outcome of what it starts, linked.
    <T> T starts(Function<Self<Act>, CompletionStage<T>> start) {
      AtomicReference<T> outcome = new AtomicReference<>();
      does(self -> self.await(start.apply(self), (value, failure) -> outcome.set(value)));
      return outcome.get();
    }
  }

  Actor actor() {
    return new Actor();
  }

  Actor trapping() {
    return new Actor().does(self -> self.trapExit(true));
  }

  // ---- servers -------------------------------------------------------------------------------

  sealed interface Ask {}

  record Do(Function<From<String>, Next<String>> action) implements Ask, Request<String> {}

  /// A server that does what it is asked, and writes into the diary what else reaches it.
  class Script implements GenServer<Ask, String> {
    ServerSelf<Ask> self;

    @Override
    public InitResult<String> init(ServerSelf<Ask> started) {
      self = started;
      return InitResult.ok("a");
    }

    @Override
    @SuppressWarnings("unchecked")
    public Next<String> handleCall(Ask request, From<?> from, String state) {
      return ((Do) request).action().apply((From<String>) from);
    }

    @Override
    public Next<String> handleCast(Ask message, String state) {
      return ((Do) message).action().apply(null);
    }

    @Override
    public Next<String> handleInfo(Info info, String state) {
      diary.add(info);
      return Next.noReply(state);
    }

    @Override
    public Next<String> handleContinue(Object continuation, String state) {
      diary.add(Terms.tuple("continue", continuation));
      return Next.noReply(state);
    }

    @Override
    public void terminate(ExitReason reason, String state) {
      diary.add(Terms.tuple("terminate", reason));
    }
  }

  /// A server with this init.
  Script script(Function<ServerSelf<Ask>, InitResult<String>> init) {
    return new Script() {
      @Override
      public InitResult<String> init(ServerSelf<Ask> started) {
        super.init(started);
        return init.apply(started);
      }
    };
  }

  Pid<Ask> up(Script script) {
    return scheduler.await(GenServer.start(node, script)).orThrow();
  }

  Pid<Ask> up() {
    return up(new Script());
  }

  StartResult<Ask> start(Script script) {
    return scheduler.await(GenServer.start(node, script));
  }

  /// The reply, or what the call failed with.
  Object call(Pid<Ask> server, Function<From<String>, Next<String>> action) {
    return outcome(GenServer.call(server, new Do(action)));
  }

  Object outcome(CompletionStage<?> stage) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    scheduler.runUntil(future::isDone);
    return future.isCompletedExceptionally() ? future.exceptionNow() : future.join();
  }

  @SuppressWarnings("unchecked")
  void info(Pid<?> pid, Object message) {
    ((Pid<Object>) pid).send(message);
  }

  // ---- children ------------------------------------------------------------------------------

  /// A permanent child under its name that traps exits and writes when it comes and goes.
  ChildSpec child(String name) {
    return ChildSpec.server(name, () -> worker(name), ServerOptions.named(name));
  }

  private Script worker(String name) {
    return new Script() {
      @Override
      public InitResult<String> init(ServerSelf<Ask> started) {
        started.trapExit(true);
        diary.add(Terms.tuple("up", name));
        return InitResult.ok(name);
      }

      @Override
      public void terminate(ExitReason reason, String state) {
        diary.add(Terms.tuple("down", name, reason));
      }
    };
  }

  @SuppressWarnings("unchecked")
  Pid<Ask> named(String name) {
    return (Pid<Ask>) Objects.requireNonNull(node.whereis(name), name);
  }

  /// The child ends with the reason, of its own accord.
  void end(String name, ExitReason reason) {
    GenServer.cast(named(name), new Do(from -> Next.stop(reason, "s")));
    scheduler.runUntilIdle();
  }

  void stop(Pid<?> supervisor) {
    scheduler.await(GenServer.stop(supervisor, ExitReason.SHUTDOWN, Duration.ofMinutes(1)));
  }

  /// The diary so far, which begins anew.
  List<Object> diary() {
    List<Object> written = List.copyOf(diary);
    diary.clear();
    return written;
  }
}

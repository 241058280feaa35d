package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A node under test, with a diary of what its children went through, written the way the golden
/// files are.
final class World {
  sealed interface Ask {}

  record Do(ExitReason reason) implements Ask {}

  record Ping() implements Ask, Request<String> {}

  final DeterministicScheduler scheduler;
  final Node node;
  final List<String> diary = new ArrayList<>();

  World(long seed) {
    scheduler = new DeterministicScheduler(seed);
    node = Node.on(scheduler);
  }

  World() {
    this(1);
  }

  /// A worker that traps exits and writes when it comes up and goes down.
  GenServer<Ask, String> worker(String name) {
    return new GenServer<>() {
      @Override
      public InitResult<String> init(ServerSelf<Ask> self) {
        self.trapExit(true);
        diary.add("up " + name);
        return InitResult.ok(name);
      }

      @Override
      public Next<String> handleCall(Ask request, From<?> from, String state) {
        return Next.reply(state, state);
      }

      @Override
      public Next<String> handleCast(Ask message, String state) {
        return Next.stop(((Do) message).reason(), state);
      }

      @Override
      public void terminate(ExitReason reason, String state) {
        diary.add("down " + name + " " + reason);
      }
    };
  }

  ChildSpec child(String name) {
    return ChildSpec.server(name, () -> worker(name), ServerOptions.named(name));
  }

  Pid<Supervisor.Command> supervise(SupervisorSpec spec) {
    return scheduler.await(Supervisor.start(node, spec)).orThrow();
  }

  @SuppressWarnings("unchecked")
  Pid<Ask> named(String name) {
    return (Pid<Ask>) java.util.Objects.requireNonNull(node.whereis(name), name);
  }

  /// Lets the child end with the reason, of its own accord.
  void end(String name, ExitReason reason) {
    GenServer.cast(named(name), new Do(reason));
    scheduler.runUntilIdle();
  }

  List<String> diaryOf(Runnable action) {
    diary.clear();
    action.run();
    scheduler.runUntilIdle();
    return List.copyOf(diary);
  }

  void stop(Pid<?> supervisor) {
    scheduler.await(GenServer.stop(supervisor, ExitReason.SHUTDOWN, Duration.ofMinutes(1)));
  }

  /// A parent that starts the supervisor linked, traps exits and keeps what it hears.
  static final class Parent implements Behavior<SupervisorSpec> {
    final List<Signal> signals = new ArrayList<>();
    StartResult<Supervisor.Command> result;

    @Override
    public void onMessage(Self<SupervisorSpec> self, SupervisorSpec spec) {
      self.trapExit(true);
      self.await(Supervisor.startLink(self, spec), (value, failure) -> result = value);
    }

    @Override
    public void onSignal(Self<SupervisorSpec> self, Signal signal) {
      signals.add(signal);
    }
  }
}

package dev.athanor.otp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenServerTest {
  sealed interface Ask {}

  record Get() implements Ask, Request<String> {}

  record Do(Function<From<?>, Next<String>> action) implements Ask, Request<String> {}

  private static final ExitReason BOOM = ExitReason.of("boom");

  private final DeterministicScheduler scheduler = new DeterministicScheduler(3);
  private final Node node = Node.on(scheduler);
  private final List<String> diary = new ArrayList<>();

  private class Server implements GenServer<Ask, String> {
    ServerSelf<Ask> self;

    @Override
    public InitResult<String> init(ServerSelf<Ask> self) throws Exception {
      this.self = self;
      return InitResult.ok("s");
    }

    @Override
    public Next<String> handleCall(Ask request, From<?> from, String state) {
      return switch (request) {
        case Get get -> Next.reply(get, state, state);
        case Do act -> act.action().apply(from);
      };
    }

    @Override
    public Next<String> handleCast(Ask message, String state) {
      return ((Do) message).action().apply(null);
    }

    @Override
    public Next<String> handleInfo(Info info, String state) {
      diary.add(
          switch (info) {
            case Info.Exit exit -> "exit " + exit.reason();
            case Info.Down down -> "down " + down.reason();
            case Info.Timeout _ -> "timeout";
            case Info.Message message -> "info " + message.message();
          });
      return Next.noReply(state);
    }

    @Override
    public Next<String> handleContinue(Object continuation, String state) {
      diary.add("continue " + continuation);
      return Next.noReply(state);
    }

    @Override
    public void terminate(ExitReason reason, String state) {
      diary.add("terminate " + reason);
    }
  }

  private Server initially(Function<ServerSelf<Ask>, InitResult<String>> init) {
    return new Server() {
      @Override
      public InitResult<String> init(ServerSelf<Ask> self) throws Exception {
        super.init(self);
        return init.apply(self);
      }
    };
  }

  private Pid<Ask> up(Server server) {
    return scheduler.await(GenServer.start(node, server)).orThrow();
  }

  @SuppressWarnings("unchecked")
  private static void sendRaw(Pid<?> pid, Object message) {
    ((Pid<Object>) pid).send(message);
  }

  private Throwable failureOf(CompletionStage<?> stage) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    scheduler.runUntil(future::isDone);
    return future.exceptionNow();
  }

  /// A parent that starts the server linked and keeps what it hears.
  private final class Parent implements Behavior<Server> {
    final boolean trap;
    final List<Object> seen = new ArrayList<>();
    StartResult<Ask> result;
    ExitReason ending;

    Parent(boolean trap) {
      this.trap = trap;
    }

    @Override
    public void onMessage(Self<Server> self, Server server) {
      if (ending != null) {
        self.exit(ending);
        return;
      }
      self.trapExit(trap);
      self.await(GenServer.startLink(self, server), (value, failure) -> result = value);
    }

    @Override
    public void onSignal(Self<Server> self, Signal signal) {
      seen.add(signal);
    }

    Pid<Server> start(Server server) {
      Pid<Server> pid = node.spawn(this);
      pid.send(server);
      scheduler.runUntilIdle();
      return pid;
    }
  }

  @Test
  void startLink_initIgnores_parentHearsOnlyTheOutcome() {
    Parent parent = new Parent(true);
    parent.start(initially(self -> InitResult.ignore()));
    assertThat(parent.result).isEqualTo(new StartResult.Ignored<Ask>());
    assertThat(parent.seen).isEmpty();
    assertThat(node.processCount()).isEqualTo(1);
  }

  @Test
  void startLink_initStopsAndParentTraps_failedAndNoSignal() {
    Parent parent = new Parent(true);
    parent.start(initially(self -> InitResult.stop(BOOM)));
    assertThat(parent.result).isEqualTo(new StartResult.Failed<Ask>(BOOM));
    assertThat(parent.seen).isEmpty();
  }

  @Test
  void startLink_initStopsAndParentDoesNotTrap_parentDies() {
    Parent parent = new Parent(false);
    Pid<Server> pid = node.spawn(parent);
    var ended = node.exited(pid).toCompletableFuture();
    pid.send(initially(self -> InitResult.stop(BOOM)));
    scheduler.runUntilIdle();
    assertThat(ended).isCompletedWithValue(BOOM);
  }

  @Test
  void start_initThrowsOrReturnsNull_failedWithTheCause() {
    var thrown =
        scheduler.await(
            GenServer.start(
                node,
                initially(
                    self -> {
                      throw new IllegalStateException("oops");
                    })));
    assertThat(thrown)
        .isInstanceOfSatisfying(
            StartResult.Failed.class,
            failed -> assertThat(failed.reason().toString()).contains("oops"));
    assertThat(scheduler.await(GenServer.start(node, initially(self -> null))))
        .isInstanceOfSatisfying(
            StartResult.Failed.class,
            failed -> assertThat(failed.reason().toString()).contains("return an InitResult"));
  }

  @Test
  void start_initTakesTooLong_failedAndKilled() {
    var outcome =
        GenServer.start(
            node,
            initially(self -> InitResult.later(new CompletableFuture<>())),
            ServerOptions.DEFAULT.initTimeout(Duration.ofMillis(50)));
    assertThat(scheduler.await(outcome))
        .isEqualTo(new StartResult.Failed<Ask>(ExitReason.of("timeout")));
    scheduler.runUntilIdle();
    assertThat(node.processCount()).isZero();
    assertThat(scheduler.nanoTime()).isEqualTo(Duration.ofMillis(50).toNanos());
  }

  @Test
  void start_initDecidesLater_messagesWait() {
    CompletableFuture<InitResult<String>> decision = new CompletableFuture<>();
    Server server = initially(self -> InitResult.later(decision));
    var outcome = GenServer.start(node, server).toCompletableFuture();
    scheduler.runUntilIdle();
    var reply = GenServer.call(server.self.pid(), new Get()).toCompletableFuture();
    scheduler.runUntilIdle();
    assertThat(outcome).isNotDone();
    assertThat(reply).isNotDone();
    decision.complete(InitResult.ok("late"));
    scheduler.runUntilIdle();
    assertThat(outcome.join()).isInstanceOf(StartResult.Started.class);
    assertThat(reply).isCompletedWithValue("late");
  }

  @Test
  void start_nameTaken_alreadyStarted() {
    ServerOptions named = ServerOptions.named("one");
    Pid<Ask> first = scheduler.await(GenServer.start(node, new Server(), named)).orThrow();
    assertThat(scheduler.await(GenServer.start(node, new Server(), named)))
        .isEqualTo(new StartResult.AlreadyStarted<Ask>(first));
  }

  @Test
  void init_continues_beforeMessagesThatWait() {
    up(
        initially(
            self -> {
              sendRaw(self.pid(), "first");
              sendRaw(self.pid(), "second");
              return InitResult.ok("s", Action.continueWith("c"));
            }));
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("continue c", "info first", "info second");
  }

  @Test
  void timeout_zero_firesOnlyWhenNothingWaits() {
    up(initially(self -> InitResult.ok("s", Action.timeout(Duration.ZERO))));
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("timeout");
    diary.clear();
    up(
        initially(
            self -> {
              sendRaw(self.pid(), "q");
              return InitResult.ok("s", Action.timeout(Duration.ZERO));
            }));
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(diary).containsExactly("info q");
  }

  @Test
  void timeout_anyMessageFirst_calledOff() {
    Pid<Ask> pid = up(initially(self -> InitResult.ok("s", Action.timeout(Duration.ofMillis(50)))));
    sendRaw(pid, "x");
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(diary).containsExactly("info x");
  }

  @Test
  void call_noReplyInTime_failsAndTheLateReplyGoesNowhere() {
    List<From<?>> kept = new ArrayList<>();
    Pid<Ask> pid = up(new Server());
    var call =
        GenServer.call(
            pid,
            new Do(
                from -> {
                  kept.add(from);
                  return Next.noReply("s");
                }),
            Duration.ofMillis(50));
    assertThat(failureOf(call)).isInstanceOf(CallTimeout.class);
    assertThat(kept.getFirst().isWaiting()).isFalse();
    assertThat(pid.isAlive()).isTrue();
  }

  @Test
  void call_deadServer_failsAtOnceWithNoproc() {
    Pid<Ask> pid = up(new Server());
    scheduler.await(GenServer.stop(pid));
    assertThat(failureOf(GenServer.call(pid, new Get())))
        .isInstanceOfSatisfying(
            ServerDown.class, down -> assertThat(down.reason()).isEqualTo(ExitReason.NO_PROCESS));
    assertThat(scheduler.nanoTime()).isZero();
  }

  @Test
  void call_oneself_refused() {
    List<Throwable> failures = new ArrayList<>();
    Server server = new Server();
    Pid<Ask> pid = up(server);
    GenServer.cast(
        pid,
        new Do(
            from -> {
              failures.add(GenServer.call(pid, new Get()).toCompletableFuture().exceptionNow());
              return Next.noReply("s");
            }));
    scheduler.runUntilIdle();
    assertThat(failures).singleElement().isInstanceOf(CallingSelf.class);
  }

  @Test
  void call_serverStopsWithoutReply_failsWithTheReason() {
    Pid<Ask> pid = up(new Server());
    assertThat(failureOf(GenServer.call(pid, new Do(f -> Next.stop(ExitReason.NORMAL, "s")))))
        .isInstanceOfSatisfying(
            ServerDown.class, down -> assertThat(down.reason()).isEqualTo(ExitReason.NORMAL));
  }

  @Test
  void call_serverStopsWithReply_replied() {
    Pid<Ask> pid = up(new Server());
    assertThat(
            scheduler.await(
                GenServer.call(pid, new Do(f -> Next.stop(ExitReason.SHUTDOWN, "rep", "s")))))
        .isEqualTo("rep");
    scheduler.runUntilIdle();
    assertThat(pid.isAlive()).isFalse();
  }

  @Test
  void call_handlerThrows_callerGetsTheCauseAndTerminateRuns() {
    Pid<Ask> pid = up(new Server());
    IllegalStateException oops = new IllegalStateException("oops");
    Throwable failure =
        failureOf(
            GenServer.call(
                pid,
                new Do(
                    f -> {
                      throw oops;
                    })));
    assertThat(failure).isInstanceOf(ServerDown.class).hasCause(oops);
    assertThat(diary).containsExactly("terminate crashed: " + oops);
  }

  @Test
  void call_killedWithTheCallOpen_failsWithKilled() {
    Pid<Ask> pid = up(new Server());
    var call = GenServer.call(pid, new Do(f -> Next.noReply("s")));
    scheduler.runUntilIdle();
    node.exit(pid, ExitReason.KILL);
    assertThat(failureOf(call))
        .isInstanceOfSatisfying(
            ServerDown.class, down -> assertThat(down.reason()).isEqualTo(ExitReason.KILLED));
    assertThat(diary).as("kill runs no terminate").isEmpty();
  }

  @Test
  void call_replyLaterFromElsewhere_replied() {
    List<From<?>> kept = new ArrayList<>();
    Pid<Ask> pid = up(new Server());
    CompletionStage<String> call =
        GenServer.call(
            pid,
            new Do(
                from -> {
                  kept.add(from);
                  return Next.noReply("s");
                }));
    scheduler.runUntilIdle();
    @SuppressWarnings("unchecked")
    From<String> from = (From<String>) kept.getFirst();
    assertThat(from.reply("later")).isTrue();
    assertThat(from.reply("again")).isFalse();
    assertThat(scheduler.await(call)).isEqualTo("later");
  }

  @Test
  void callback_decidesNull_serverCrashesWithAClearError() {
    Pid<Ask> pid = up(new Server());
    assertThat(failureOf(GenServer.call(pid, new Do(f -> null))))
        .hasMessageContaining("return a Next");
  }

  @ParameterizedTest
  @CsvSource({
    "normal, false, alive",
    "normal, true, terminate normal",
    "shutdown, false, gone",
    "shutdown, true, terminate shutdown",
    "boom, false, gone",
    "boom, true, terminate boom"
  })
  void parentEnds_childTrapsOrNot_actsAsInOtp(String reason, boolean trap, String expected) {
    Parent parent = new Parent(false);
    Server server =
        initially(
            self -> {
              self.trapExit(trap);
              return InitResult.ok("s");
            });
    Pid<Server> pid = parent.start(server);
    Pid<Ask> child = server.self.pid();
    ExitReason why =
        switch (reason) {
          case "normal" -> ExitReason.NORMAL;
          case "shutdown" -> ExitReason.SHUTDOWN;
          default -> BOOM;
        };
    parent.ending = why;
    pid.send(new Server());
    scheduler.runUntilIdle();
    if (expected.equals("alive")) {
      assertThat(child.isAlive()).isTrue();
    } else {
      assertThat(child.isAlive()).isFalse();
      assertThat(diary).isEqualTo(expected.equals("gone") ? List.of() : List.of(expected));
    }
  }

  @Test
  void linkedProcessEnds_serverTrapsAndItIsNotTheParent_handleInfo() {
    Server server = new Server();
    up(server);
    GenServer.cast(
        server.self.pid(),
        new Do(
            from -> {
              server.self.trapExit(true);
              server.self.<String>spawnLink((self, message) -> self.exit(BOOM)).send("die");
              return Next.noReply("s");
            }));
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("exit boom");
  }

  @Test
  void stop_alive_terminatesNormallyAndStopOfTheDeadFails() {
    Pid<Ask> pid = up(new Server());
    scheduler.await(GenServer.stop(pid));
    assertThat(diary).containsExactly("terminate normal");
    assertThat(failureOf(GenServer.stop(pid))).isInstanceOf(ServerDown.class);
  }

  @Test
  void prepareToStop_takesTime_terminateWaitsAndCallsFail() {
    CompletableFuture<String> saved = new CompletableFuture<>();
    Pid<Ask> pid =
        up(
            new Server() {
              @Override
              public CompletionStage<?> prepareToStop(ExitReason reason, String state) {
                diary.add("prepare");
                return saved;
              }
            });
    var stopped = GenServer.stop(pid).toCompletableFuture();
    scheduler.runUntilIdle();
    var late = GenServer.call(pid, new Get());
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("prepare");
    assertThat(stopped).isNotDone();
    saved.complete("saved");
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("prepare", "terminate normal");
    assertThat(stopped).isCompleted();
    assertThat(failureOf(late)).isInstanceOf(ServerDown.class);
  }

  @Test
  void await_inAServer_mayReplyWhenTheStageCompletes() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    Server server = new Server();
    Pid<Ask> pid = up(server);
    CompletionStage<String> call =
        GenServer.call(
            pid,
            new Do(
                from -> {
                  @SuppressWarnings("unchecked")
                  From<String> caller = (From<String>) from;
                  server.self.await(stage, (value, failure) -> caller.reply(value));
                  return Next.noReply("s");
                }));
    scheduler.runUntilIdle();
    stage.complete("io");
    assertThat(scheduler.await(call)).isEqualTo("io");
  }
}

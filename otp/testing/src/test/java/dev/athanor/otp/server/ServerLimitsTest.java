package dev.athanor.otp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.ProcessInfo;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.process.SpawnOptions.Overflow;
import dev.athanor.otp.registry.Registry;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Servers that are full, named, late, or looked at.
class ServerLimitsTest {
  sealed interface Ask {}

  record Get() implements Ask, Request<Integer> {}

  record Add(int n) implements Ask {}

  record Look() implements Ask, Request<ProcessInfo> {}

  private final DeterministicScheduler scheduler = new DeterministicScheduler(5);
  private final Node node = Node.on(scheduler);
  private final List<Object> terminated = new ArrayList<>();

  private class Counter implements GenServer<Ask, Integer> {
    @Override
    public InitResult<Integer> init(ServerSelf<Ask> self) throws Exception {
      return InitResult.ok(0);
    }

    @Override
    public Next<Integer> handleCall(Ask request, From<?> from, Integer state) {
      return switch (request) {
        case Get get -> Next.reply(get, state, state);
        case Look look ->
            Next.reply(look, node.info(java.util.Objects.requireNonNull(Node.current())), state);
        case Add add -> Next.reply(null, state + add.n());
      };
    }

    @Override
    public Next<Integer> handleCast(Ask message, Integer state) {
      return Next.noReply(message instanceof Add add ? state + add.n() : state);
    }

    @Override
    public void terminate(ExitReason reason, Integer state) {
      terminated.add(reason);
    }
  }

  private Pid<Ask> up(ServerOptions options) {
    return scheduler.await(GenServer.start(node, new Counter(), options)).orThrow();
  }

  private Throwable failureOf(CompletionStage<?> stage) {
    CompletableFuture<?> future = stage.toCompletableFuture();
    scheduler.runUntil(future::isDone);
    return future.exceptionNow();
  }

  @Test
  void call_mailboxFull_failsAtOnceWithTheLimit() {
    Pid<Ask> server = up(ServerOptions.DEFAULT.mailbox(1, Overflow.REJECT));
    GenServer.cast(server, new Add(1));
    var call = GenServer.call(server, new Get()).toCompletableFuture();
    assertThat(call).isCompletedExceptionally();
    assertThat(call.exceptionNow())
        .isInstanceOf(CallFailed.MailboxFull.class)
        .hasMessageContaining("1 messages wait")
        .satisfies(failure -> assertThat(((CallFailed) failure).server()).isEqualTo(server));
    scheduler.runUntilIdle();
    assertThat(scheduler.await(GenServer.call(server, new Get()))).isEqualTo(1);
  }

  @Test
  void call_givesWayToANewerMessage_failsAtOnce() {
    Pid<Ask> server = up(ServerOptions.DEFAULT.mailbox(1, Overflow.DROP_OLDEST));
    var call = GenServer.call(server, new Get()).toCompletableFuture();
    GenServer.cast(server, new Add(7));
    assertThat(call.exceptionNow()).isInstanceOf(CallFailed.MailboxFull.class);
    scheduler.runUntilIdle();
    assertThat(scheduler.await(GenServer.call(server, new Get()))).isEqualTo(7);
  }

  @ParameterizedTest
  @EnumSource(Overflow.class)
  void stop_mailboxFull_stopsAllTheSame(Overflow overflow) {
    Pid<Ask> server = up(ServerOptions.DEFAULT.mailbox(1, overflow));
    GenServer.cast(server, new Add(1));
    scheduler.await(GenServer.stop(server));
    assertThat(terminated).containsExactly(ExitReason.NORMAL);
  }

  @Test
  void call_byName_repliedOrFailedWithTheSimilarName() {
    up(ServerOptions.named("counter"));
    GenServer.cast(node, Name.local("counter"), new Add(4));
    assertThat(scheduler.await(GenServer.call(node, Name.local("counter"), new Get())))
        .isEqualTo(4);
    assertThat(failureOf(GenServer.call(node, Name.local("conuter"), new Get())))
        .isInstanceOf(CallFailed.UnknownName.class)
        .hasMessageContaining("no process has the name 'conuter'; did you mean 'counter'?")
        .satisfies(failure -> assertThat(((CallFailed) failure).server()).isNull());
    assertThatThrownBy(
            () ->
                GenServer.callBlocking(
                    node, Name.local("conuter"), new Get(), Duration.ofSeconds(1)))
        .isInstanceOf(CallFailed.UnknownName.class);
    GenServer.cast(node, Name.local("conuter"), new Add(4));
  }

  @Test
  void call_viaARegistry_repliedOrFailed() {
    Registry<String, String> registry = Registry.<String, String>unique("names").create(node);
    Pid<Ask> server = up(ServerOptions.DEFAULT.name(registry.via("c", "v")));
    assertThat(scheduler.await(GenServer.call(node, registry.via("c", "v"), new Get()))).isZero();
    assertThat(failureOf(GenServer.call(node, registry.via("d", "v"), new Get())))
        .isInstanceOf(CallFailed.UnknownName.class)
        .hasMessageContaining("names[d]");
    node.exit(server, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(failureOf(GenServer.call(node, registry.via("c", "v"), new Get())))
        .isInstanceOf(CallFailed.UnknownName.class);
  }

  @Test
  void call_oneselfByName_refused() {
    AtomicReference<CompletionStage<?>> own = new AtomicReference<>();
    Pid<Ask> server =
        scheduler
            .await(
                GenServer.start(
                    node,
                    new Counter() {
                      @Override
                      public Next<Integer> handleCast(Ask message, Integer state) {
                        own.set(GenServer.call(node, Name.local("me"), new Get()));
                        return Next.noReply(state);
                      }
                    },
                    ServerOptions.named("me")))
            .orThrow();
    GenServer.cast(server, new Add(1));
    scheduler.runUntilIdle();
    assertThat(failureOf(own.get())).isInstanceOf(CallingSelf.class).hasMessageContaining("itself");
  }

  /// The parent learns of a start that took too long by its outcome, not by a signal.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void startLink_initTakesTooLong_parentLivesAndHearsNothing(boolean trap) {
    List<Object> seen = new ArrayList<>();
    AtomicReference<StartResult<Ask>> outcome = new AtomicReference<>();
    Pid<String> parent =
        node.spawn(
            new Behavior<>() {
              @Override
              public void onMessage(Self<String> self, String message) {
                self.trapExit(trap);
                self.await(
                    GenServer.startLink(
                        self,
                        new Counter() {
                          @Override
                          public InitResult<Integer> init(ServerSelf<Ask> its) {
                            return InitResult.later(new CompletableFuture<>());
                          }
                        },
                        ServerOptions.DEFAULT.initTimeout(Duration.ofSeconds(2))),
                    (result, failure) -> outcome.set(result));
              }

              @Override
              public void onSignal(Self<String> self, Signal signal) {
                seen.add(signal);
              }
            });
    parent.send("go");
    scheduler.advance(Duration.ofMillis(1_999));
    assertThat(outcome.get()).isNull();
    scheduler.advance(Duration.ofMillis(1));
    assertThat(outcome.get()).isEqualTo(new StartResult.Failed<Ask>(ExitReason.of("timeout")));
    assertThat(node.processCount()).isEqualTo(1);
    assertThat(parent.isAlive()).isTrue();
    assertThat(node.links(parent)).isEmpty();
    assertThat(seen).isEmpty();
  }

  @Test
  void info_ofAServer_showsItsClassAndCallback() {
    Pid<Ask> server = up(ServerOptions.DEFAULT);
    ProcessInfo inside = scheduler.await(GenServer.call(server, new Look()));
    assertThat(inside.behavior()).isEqualTo(Counter.class.getName());
    assertThat(inside.callback()).isEqualTo("handleCall");
    assertThat(node.info(server).callback()).isNull();
  }

  @Test
  void codeChange_notOverridden_keepsTheState() throws Exception {
    assertThat(new Counter().codeChange("1", 42, null)).isEqualTo(42);
  }

  @ParameterizedTest
  @ValueSource(strings = {"call", "cast", "info", "continue"})
  void callback_returnsNull_crashNamesTheServerAndWhatToReturn(String which) {
    GenServer<Object, Integer> forgetful =
        new GenServer<>() {
          @Override
          public InitResult<Integer> init(ServerSelf<Object> self) {
            return which.equals("continue")
                ? InitResult.ok(1, Action.continueWith("go"))
                : InitResult.ok(1);
          }

          @Override
          public Next<Integer> handleCall(Object request, From<?> from, Integer state) {
            return null;
          }

          @Override
          public Next<Integer> handleCast(Object message, Integer state) {
            return null;
          }

          @Override
          public Next<Integer> handleInfo(Info info, Integer state) {
            return null;
          }

          @Override
          public Next<Integer> handleContinue(Object continuation, Integer state) {
            return null;
          }
        };
    var start = GenServer.start(node, forgetful).toCompletableFuture();
    Pid<Object> pid = scheduler.await(start).orThrow();
    var ended = node.exited(pid).toCompletableFuture();
    switch (which) {
      case "call" -> {
        record Any() implements Request<Integer> {}
        assertThat(failureOf(GenServer.call(pid, new Any()))).isInstanceOf(ServerDown.class);
      }
      case "cast" -> GenServer.cast(pid, "x");
      case "info" -> pid.send("x");
      default -> {}
    }
    scheduler.runUntilIdle();
    if (!which.equals("continue")) {
      assertThat(ended.join())
          .isInstanceOfSatisfying(
              ExitReason.Crashed.class,
              crash ->
                  assertThat(crash.cause())
                      .hasMessageContaining("decided null")
                      .hasMessageContaining("return a Next"));
    } else {
      assertThat(pid.isAlive()).isFalse();
    }
  }
}

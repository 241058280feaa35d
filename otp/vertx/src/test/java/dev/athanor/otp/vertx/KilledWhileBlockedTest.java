package dev.athanor.otp.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Shutdown;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.otp.testing.Probe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A kill reaches a process in the middle of a callback that blocks.
class KilledWhileBlockedTest extends OnVertx {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final List<String> diary = new CopyOnWriteArrayList<>();

  @AfterEach
  void letGo() {
    never.countDown();
  }

  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
  }

  private void block() throws InterruptedException {
    begun.countDown();
    never.await();
  }

  private class Blocking implements GenServer<String, String> {
    @Override
    public InitResult<String> init(ServerSelf<String> self) throws Exception {
      self.trapExit(true);
      return InitResult.ok("s");
    }

    @Override
    public Next<String> handleCast(String message, String state) throws Exception {
      block();
      return Next.noReply(state);
    }

    @Override
    public void terminate(ExitReason reason, String state) {
      diary.add("terminate " + reason);
    }
  }

  @Test
  void supervisor_childBlocksForEver_isStoppedWhenItsPatienceEnds() throws Exception {
    CompletableFuture<Pid<?>> child = new CompletableFuture<>();
    ChildSpec spec =
        ChildSpec.server(
                "a",
                () ->
                    new Blocking() {
                      @Override
                      public InitResult<String> init(ServerSelf<String> self) throws Exception {
                        child.complete(self.pid());
                        return super.init(self);
                      }
                    },
                ServerOptions.DEFAULT.kind(Kind.VIRTUAL_THREAD))
            .shutdown(Shutdown.within(Duration.ofMillis(50)));
    Pid<Supervisor.Command> supervisor =
        get(Supervisor.start(node, SupervisorSpec.of(Strategy.ONE_FOR_ONE, spec))).orThrow();
    CompletionStage<ExitReason> ended = node.exited(get(child));
    @SuppressWarnings("unchecked")
    Pid<String> pid = (Pid<String>) get(child);
    GenServer.cast(pid, "block");
    assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
    get(GenServer.stop(supervisor, ExitReason.SHUTDOWN, Duration.ofMinutes(1)));
    assertThat(get(ended)).isEqualTo(ExitReason.KILLED);
    assertThat(diary).isEmpty();
  }

  @Test
  void start_initBlocksForEver_failsInTimeAndLeavesNoProcess() throws Exception {
    CompletableFuture<Pid<?>> child = new CompletableFuture<>();
    Probe<Object> parent = Probe.on(node);
    CompletableFuture<CompletionStage<StartResult<String>>> start =
        parent.run(
            self ->
                GenServer.startLink(
                    self,
                    new Blocking() {
                      @Override
                      public InitResult<String> init(ServerSelf<String> me) throws Exception {
                        child.complete(me.pid());
                        block();
                        return super.init(me);
                      }
                    },
                    ServerOptions.DEFAULT
                        .kind(Kind.VIRTUAL_THREAD)
                        .initTimeout(Duration.ofMillis(50))));
    assertThat(get(get(start))).isEqualTo(new StartResult.Failed<>(ExitReason.of("timeout")));
    assertThat(get(node.exited(get(child)))).isIn(ExitReason.KILLED, ExitReason.NO_PROCESS);
    assertThat(parent.received()).isEmpty();
    assertThat(node.links(parent.pid())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"VIRTUAL_THREAD", "WORKER"})
  void kill_plainProcessBlocks_endsAndItsThreadGoesOnUninterrupted(Kind kind) throws Exception {
    Pid<String> pid =
        node.spawn(
            new Behavior<String>() {
              @Override
              public void onMessage(Self<String> self, String message) throws Exception {
                block();
              }

              @Override
              public void onExit(Self<String> self, ExitReason reason) {
                diary.add("exit " + reason);
              }
            },
            SpawnOptions.of(kind));
    pid.send("block");
    assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
    CompletionStage<ExitReason> ended = node.exited(pid);
    node.exit(pid, ExitReason.KILL);
    assertThat(get(ended)).isEqualTo(ExitReason.KILLED);
    assertThat(diary).isEmpty();
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      node.spawn(
              (self, message) -> interrupted.complete(Thread.currentThread().isInterrupted()),
              SpawnOptions.of(kind))
          .send("look");
      assertThat(get(interrupted)).isFalse();
    }
  }
}

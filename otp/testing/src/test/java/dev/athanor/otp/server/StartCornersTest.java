package dev.athanor.otp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.FailedToStart;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.otp.sys.Sys;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Probe;
import dev.athanor.otp.testing.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class StartCornersTest {
  private static final ExitReason ENOUGH = ExitReason.of("enough");

  private final DeterministicScheduler scheduler = new DeterministicScheduler(3);
  private final Node node = Node.on(scheduler);
  private final List<Object> diary = new ArrayList<>();

  /// Writes down what comes, in its order.
  private class Diarist implements GenServer<Object, String> {
    private final Function<ServerSelf<Object>, InitResult<String>> start;

    Diarist(Function<ServerSelf<Object>, InitResult<String>> start) {
      this.start = start;
    }

    @Override
    public InitResult<String> init(ServerSelf<Object> self) {
      return start.apply(self);
    }

    @Override
    public Next<String> handleCast(Object message, String state) {
      diary.add(message);
      return Next.noReply(state);
    }

    @Override
    public Next<String> handleInfo(Info info, String state) {
      diary.add(
          switch (info) {
            case Info.Down down -> "down " + down.reason();
            case Info.Exit exit -> "exit " + exit.reason();
            case Info.Message message -> "info " + message.message();
            case Info.Timeout _ -> "timeout";
          });
      return Next.noReply(state);
    }

    @Override
    public void terminate(ExitReason reason, String state) {
      diary.add("terminate " + reason);
    }
  }

  /// A server in its start until there is a decision.
  private Pid<Object> starting(CompletableFuture<InitResult<String>> decision) {
    List<Pid<Object>> pids = new ArrayList<>();
    GenServer.start(
        node,
        new Diarist(
            self -> {
              pids.add(self.pid());
              return InitResult.later(decision);
            }));
    scheduler.runUntilIdle();
    return pids.getFirst();
  }

  @Test
  void initDecidesLater_signalsAndMessagesMeanwhile_comeInTheirOrder() {
    List<Probe<Object>> peers = List.of(Probe.on(node), Probe.on(node), Probe.on(node));
    CompletableFuture<InitResult<String>> decision = new CompletableFuture<>();
    List<Pid<Object>> pids = new ArrayList<>();
    GenServer.start(
        node,
        new Diarist(
            self -> {
              pids.add(self.pid());
              peers.forEach(peer -> self.monitor(peer.pid()));
              return InitResult.later(decision);
            }));
    scheduler.runUntilIdle();
    for (int i = 0; i < peers.size(); i++) {
      node.exit(peers.get(i).pid(), ExitReason.KILL);
      scheduler.runUntilIdle();
      GenServer.cast(pids.getFirst(), "cast " + i);
      scheduler.runUntilIdle();
    }
    decision.complete(InitResult.ok("s"));
    scheduler.runUntilIdle();
    assertThat(diary)
        .containsExactly("down killed", "cast 0", "down killed", "cast 1", "down killed", "cast 2");
  }

  @Test
  void initDecidesLater_systemRequestsMeanwhile_areServedInTheirOrder() {
    CompletableFuture<InitResult<String>> decision = new CompletableFuture<>();
    Pid<Object> pid = starting(decision);
    Sys.suspend(pid);
    Sys.replaceState(pid, state -> state + "1");
    Sys.replaceState(pid, state -> state + "2");
    Sys.resume(pid);
    scheduler.runUntilIdle();
    decision.complete(InitResult.ok("s"));
    GenServer.cast(pid, "awake");
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("awake");
    assertThat(scheduler.await(Sys.getState(pid))).isEqualTo("s12");
  }

  @Test
  void initDecidesLater_processIsKilled_systemRequestsHearOfIt() {
    Pid<Object> pid = starting(new CompletableFuture<>());
    var state = Sys.getState(pid).toCompletableFuture();
    scheduler.runUntilIdle();
    node.exit(pid, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(state.exceptionNow())
        .isInstanceOfSatisfying(
            ServerDown.class, down -> assertThat(down.reason()).isEqualTo(ExitReason.KILLED));
  }

  @Test
  void kill_whileItStarts_parentThatTrapsHearsByTheOutcomeAlone() {
    Probe<Object> parent = Probe.on(node);
    List<Pid<Object>> pids = new ArrayList<>();
    var start =
        scheduler.await(
            parent.run(
                self ->
                    GenServer.startLink(
                        self,
                        new Diarist(
                            me -> {
                              pids.add(me.pid());
                              return InitResult.later(new CompletableFuture<>());
                            }))));
    scheduler.runUntilIdle();
    node.exit(pids.getFirst(), ExitReason.KILL);
    assertThat(scheduler.await(start)).isEqualTo(new StartResult.Failed<>(ExitReason.KILLED));
    scheduler.runUntilIdle();
    assertThat(parent.received()).isEmpty();
    assertThat(node.links(parent.pid())).isEmpty();
  }

  @Test
  void init_stops_linkedOthersThanTheParentHearOfIt() {
    Probe<Object> parent = Probe.on(node);
    Probe<Object> friend = Probe.on(node);
    List<Pid<Object>> pids = new ArrayList<>();
    var start =
        scheduler.await(
            parent.run(
                self ->
                    GenServer.startLink(
                        self,
                        new Diarist(
                            me -> {
                              pids.add(me.pid());
                              me.link(friend.pid());
                              return InitResult.stop(ENOUGH);
                            }))));
    assertThat(scheduler.await(start)).isEqualTo(new StartResult.Failed<>(ENOUGH));
    assertThat(friend.expectExit(pids.getFirst())).isEqualTo(ENOUGH);
    assertThat(parent.received()).isEmpty();
  }

  @Test
  void init_stopsWithoutReason_isAFailedStartThatSaysSo() {
    assertThat(scheduler.await(GenServer.start(node, new Diarist(self -> InitResult.stop(null)))))
        .isInstanceOfSatisfying(
            StartResult.Failed.class,
            failed -> assertThat(failed.reason().toString()).contains("needs a reason"));
    assertThat(node.processCount()).isZero();
  }

  @Test
  void exit_inInit_isAFailedStart() {
    var result =
        scheduler.await(
            GenServer.start(
                node,
                new Diarist(
                    self -> {
                      self.exit(ENOUGH);
                      return InitResult.ok("s");
                    })));
    assertThat(result).isEqualTo(new StartResult.Failed<>(ENOUGH));
    assertThat(diary).isEmpty();
  }

  @Test
  void exit_inInitOfAChild_supervisorNeverTakesItForRunning() {
    Seeds.times(
        100,
        seed -> {
          DeterministicScheduler own = new DeterministicScheduler(seed);
          var start =
              own.await(
                  Supervisor.start(
                      Node.on(own),
                      SupervisorSpec.of(
                          Strategy.ONE_FOR_ONE,
                          ChildSpec.server(
                              "a",
                              () ->
                                  new Diarist(
                                      self -> {
                                        self.exit(ENOUGH);
                                        return InitResult.ok("s");
                                      })))));
          assertThat(start)
              .isEqualTo(
                  new StartResult.Failed<>(ExitReason.shutdown(new FailedToStart("a", ENOUGH))));
        });
  }

  @Test
  void exit_beforeAContinuation_stopsTheServerFirst() {
    Pid<Object> pid =
        scheduler
            .await(
                GenServer.start(
                    node,
                    new Diarist(self -> InitResult.ok("s")) {
                      private ServerSelf<Object> me;

                      @Override
                      public InitResult<String> init(ServerSelf<Object> self) {
                        me = self;
                        return super.init(self);
                      }

                      @Override
                      public Next<String> handleCast(Object message, String state) {
                        me.exit(ENOUGH);
                        return Next.noReply(state).then(Action.continueWith("more"));
                      }

                      @Override
                      public Next<String> handleContinue(Object continuation, String state) {
                        diary.add("continue");
                        return Next.noReply(state);
                      }
                    }))
            .orThrow();
    var ended = node.exited(pid);
    GenServer.cast(pid, "go");
    assertThat(scheduler.await(ended)).isEqualTo(ENOUGH);
    assertThat(diary).containsExactly("terminate enough");
  }

  @Test
  void continuation_thatContinuesAMillionTimes_isNoRecursion() {
    Pid<Object> pid =
        scheduler
            .await(
                GenServer.start(
                    node,
                    new Diarist(self -> InitResult.ok("s", Action.continueWith(1_000_000))) {
                      @Override
                      public Next<String> handleContinue(Object left, String state) {
                        int n = (Integer) left;
                        return n == 0
                            ? Next.noReply("done")
                            : Next.noReply(state).then(Action.continueWith(n - 1));
                      }
                    }))
            .orThrow();
    assertThat(scheduler.await(Sys.getState(pid, Duration.ofMinutes(1)))).isEqualTo("done");
  }
}

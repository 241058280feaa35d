package dev.athanor.otp.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.statem.Event;
import dev.athanor.otp.statem.GenStatem;
import dev.athanor.otp.statem.StateAction;
import dev.athanor.otp.statem.Step;
import dev.athanor.otp.sys.Sys;
import dev.athanor.otp.sys.Trace;
import dev.athanor.otp.sys.TraceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Looking into processes, and machines with real timers, on real threads.
class LiveProcessesTest extends OnVertx {
  private static <T> T get(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private record Numbered(int sender, int number) {}

  /// Checks that the messages of every sender come in order.
  private static final class Checker implements Behavior<Numbered> {
    private final int[] next;
    private final CountDownLatch all;

    Checker(int senders, CountDownLatch all) {
      this.next = new int[senders];
      this.all = all;
    }

    @Override
    public void onMessage(Self<Numbered> self, Numbered message) {
      if (next[message.sender()]++ != message.number()) {
        throw new IllegalStateException("out of order: " + message);
      }
      all.countDown();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void suspend_underLoadFromManyThreads_losesNothingAndKeepsTheOrder(Kind kind) throws Exception {
    int senders = 3;
    int messages = 50_000;
    CountDownLatch all = new CountDownLatch(senders * messages);
    Pid<Numbered> target = node.spawn(new Checker(senders, all), SpawnOptions.of(kind));
    List<Thread> threads = new ArrayList<>();
    for (int s = 0; s < senders; s++) {
      int sender = s;
      threads.add(
          Thread.startVirtualThread(
              () -> {
                for (int i = 0; i < messages; i++) {
                  target.send(new Numbered(sender, i));
                }
              }));
    }
    for (int i = 0; i < 300; i++) {
      get(Sys.suspend(target));
      long handled = get(Sys.getStatus(target)).info().messagesHandled();
      long later = get(Sys.getStatus(target)).info().messagesHandled();
      assertThat(later - handled).as("handled besides the request").isLessThanOrEqualTo(1);
      get(Sys.resume(target));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(all.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(target.isAlive()).isTrue();
  }

  @Test
  void trace_ofManyProcessesOnAllLoops_hearsExactlyItsLimit() {
    List<Pid<Integer>> pids = new ArrayList<>();
    AtomicInteger handled = new AtomicInteger();
    for (int i = 0; i < 50; i++) {
      pids.add(node.spawn((self, number) -> handled.incrementAndGet()));
    }
    AtomicInteger heard = new AtomicInteger();
    Trace trace =
        Trace.matching(
            node, info -> true, TraceSpec.events(1_000), event -> heard.incrementAndGet());
    for (int i = 0; i < 200; i++) {
      for (Pid<Integer> pid : pids) {
        pid.send(i);
      }
    }
    assertThat(get(trace.ended())).isEqualTo(Trace.End.LIMIT);
    for (Pid<Integer> pid : pids) {
      assertThat(get(Sys.getStatus(pid)).debug()).isEmpty();
    }
    assertThat(heard).hasValue(1_000);
    assertThat(handled).hasValue(10_000);
  }

  sealed interface Blink {}

  record Ask() implements Blink, Request<Integer> {}

  /// Goes on and off by itself, and counts.
  private static final class Blinker implements GenStatem<Blink, Boolean, Integer> {
    private final CountDownLatch changes;

    Blinker(CountDownLatch changes) {
      this.changes = changes;
    }

    @Override
    public InitResult<Step.NextState<Boolean, Integer>> init(ServerSelf<Blink> self) {
      return InitResult.ok(Step.nextState(false, 0));
    }

    @Override
    public Step<Boolean, Integer> enter(Boolean old, Boolean on, Integer count) {
      changes.countDown();
      return Step.keepStateAndData(StateAction.stateTimeout(Duration.ofMillis(1), "blink"));
    }

    @Override
    public Step<Boolean, Integer> handleEvent(Event<Blink> event, Boolean on, Integer count) {
      return switch (event) {
        case Event.StateTimeout<Blink> _ -> Step.nextState(!on, count + 1);
        case Event.Call<Blink>(Ask ask, var from) ->
            on
                ? Step.keepStateAndData(StateAction.reply(ask, from, count))
                : Step.keepStateAndData(StateAction.postpone());
        default -> Step.keepStateAndData();
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void machine_withRealTimers_changesStatesAndAnswersPostponedCalls(Kind kind) throws Exception {
    CountDownLatch changes = new CountDownLatch(20);
    Pid<Blink> pid =
        get(GenStatem.start(node, new Blinker(changes), ServerOptions.DEFAULT.kind(kind)))
            .orThrow();
    assertThat(changes.await(30, TimeUnit.SECONDS)).isTrue();
    int count = get(GenServer.call(pid, new Ask()));
    assertThat(count).isOdd();
    assertThat(Sys.blocking(pid, Sys.getState(pid))).isNotNull();
    get(GenServer.stop(pid));
  }
}

package dev.athanor.otp.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerDown;
import dev.athanor.otp.server.ServerSelf;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Links, monitors, exits and calls that race on real threads.
class RacingSignalsTest {
  private final Vertx vertx = Vertx.vertx();
  private final VertxScheduler scheduler = new VertxScheduler(vertx);
  private final Node node = Node.on(scheduler);

  @AfterEach
  void close() {
    node.close();
    scheduler.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static SpawnOptions somewhere(int i) {
    return switch (i % 5) {
      case 0 -> SpawnOptions.of(Kind.WORKER);
      case 1 -> SpawnOptions.of(Kind.VIRTUAL_THREAD);
      default -> SpawnOptions.DEFAULT;
    };
  }

  @Test
  void monitors_targetsDieWhileBeingMonitored_everyOneAnsweredExactlyOnce() throws Exception {
    int targets = 2_000;
    int watchers = 8;
    List<Pid<String>> victims = new ArrayList<>();
    for (int i = 0; i < targets; i++) {
      victims.add(
          node.spawn((Self<String> self, String m) -> self.exit(ExitReason.of(m)), somewhere(i)));
    }
    LongAdder downs = new LongAdder();
    CountDownLatch monitored = new CountDownLatch(watchers);
    for (int w = 0; w < watchers; w++) {
      Pid<String> watcher =
          node.spawn(
              new Behavior<String>() {
                @Override
                public void onMessage(Self<String> self, String message) {
                  for (Pid<String> victim : victims) {
                    self.monitor(victim);
                  }
                  monitored.countDown();
                }

                @Override
                public void onSignal(Self<String> self, Signal signal) {
                  if (signal instanceof Signal.Down) {
                    downs.increment();
                  }
                }
              },
              somewhere(w));
      watcher.send("go");
    }
    victims.forEach(victim -> victim.send("boom"));
    assertThat(monitored.await(20, TimeUnit.SECONDS)).isTrue();
    Awaitility.await().until(() -> downs.sum() >= (long) targets * watchers);
    Awaitility.await().until(() -> node.processCount() == watchers);
    assertThat(downs.sum()).isEqualTo((long) targets * watchers);
  }

  @Test
  void links_ringsTornInTheMiddle_everybodyEnds() {
    int rings = 100;
    int size = 20;
    for (int r = 0; r < rings; r++) {
      List<Pid<Object>> ring = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        ring.add(
            node.spawn(
                (Self<Object> self, Object message) -> {
                  if (message instanceof Pid<?> next) {
                    self.link(next);
                  } else {
                    self.exit(ExitReason.of(message));
                  }
                },
                somewhere(i)));
      }
      for (int i = 0; i < size; i++) {
        ring.get(i).send(ring.get((i + 1) % size));
      }
      ring.get(r % size).send("torn");
    }
    Awaitility.await().until(() -> node.processCount() == 0);
  }

  record Ask() implements Request<Integer> {}

  @Test
  void calls_serversKilledMeanwhile_everyOneIsAnswered() {
    AtomicInteger made = new AtomicInteger();
    List<CompletableFuture<Integer>> calls = new ArrayList<>();
    for (int round = 0; round < 300; round++) {
      Pid<Ask> server =
          GenServer.start(
                  node,
                  new GenServer<Ask, Integer>() {
                    @Override
                    public InitResult<Integer> init(ServerSelf<Ask> self) {
                      return InitResult.ok(made.incrementAndGet());
                    }

                    @Override
                    public Next<Integer> handleCall(Ask request, From<?> from, Integer state) {
                      return state % 3 == 0 ? Next.noReply(state) : Next.reply(state, state);
                    }
                  })
              .toCompletableFuture()
              .join()
              .orThrow();
      for (int i = 0; i < 50; i++) {
        calls.add(GenServer.call(server, new Ask()).toCompletableFuture());
        if (i == 25) {
          node.exit(server, ExitReason.KILL);
        }
      }
    }
    Awaitility.await().until(() -> calls.stream().allMatch(CompletableFuture::isDone));
    assertThat(calls)
        .filteredOn(CompletableFuture::isCompletedExceptionally)
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.exceptionNow()).isInstanceOf(ServerDown.class));
  }
}

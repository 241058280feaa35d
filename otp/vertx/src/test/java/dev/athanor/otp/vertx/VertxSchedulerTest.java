package dev.athanor.otp.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Lane;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.SpawnOptions;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VertxSchedulerTest extends OnVertx {
  @ParameterizedTest
  @EnumSource(Kind.class)
  void spawn_ofEachKind_handlesMessagesInOrderOnThatKindOfThread(Kind kind) {
    CompletableFuture<List<Integer>> seen = new CompletableFuture<>();
    List<Integer> got = new java.util.ArrayList<>();
    AtomicInteger onLoop = new AtomicInteger();
    Pid<Integer> pid =
        node.spawn(
            (self, message) -> {
              if (Context.isOnEventLoopThread()) {
                onLoop.incrementAndGet();
              }
              got.add(message);
              if (got.size() == 10_000) {
                seen.complete(List.copyOf(got));
              }
            },
            SpawnOptions.of(kind));
    IntStream.range(0, 10_000).forEach(pid::send);
    assertThat(seen.orTimeout(10, TimeUnit.SECONDS).join())
        .isEqualTo(IntStream.range(0, 10_000).boxed().toList());
    assertThat(onLoop.get()).isEqualTo(kind == Kind.EVENT_LOOP ? 10_000 : 0);
  }

  @Test
  void spawn_fromAProcessOnALoop_staysOnThatLoop() {
    CompletableFuture<Boolean> same = new CompletableFuture<>();
    node.spawn(
        new Behavior<String>() {
          @Override
          public void onStart(Self<String> self) {
            Thread mine = Thread.currentThread();
            self.node()
                .spawn(
                    new Behavior<String>() {
                      @Override
                      public void onStart(Self<String> child) {
                        same.complete(Thread.currentThread().equals(mine));
                      }

                      @Override
                      public void onMessage(Self<String> child, String message) {}
                    });
          }

          @Override
          public void onMessage(Self<String> self, String message) {}
        });
    assertThat(same.orTimeout(5, TimeUnit.SECONDS).join()).isTrue();
  }

  @Test
  void execute_fromManyThreads_leavesNoTurnBehind() throws InterruptedException {
    int senders = 4;
    int each = 50_000;
    CountDownLatch all = new CountDownLatch(senders * each);
    List<Pid<String>> pids =
        IntStream.range(0, 64)
            .mapToObj(i -> node.<String>spawn((self, message) -> all.countDown()))
            .toList();
    for (int s = 0; s < senders; s++) {
      Thread.ofPlatform()
          .start(() -> IntStream.range(0, each).forEach(i -> pids.get(i % 64).send("x")));
    }
    assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void execute_turnThatThrows_leavesTheOthersTheirTurns() throws InterruptedException {
    CountDownLatch behind = new CountDownLatch(2);
    CountDownLatch later = new CountDownLatch(1);
    Lane lane = scheduler.lane(Kind.EVENT_LOOP);
    lane.execute(
        () -> {
          lane.execute(
              () -> {
                throw new IllegalStateException("a turn that throws, as the test wants it");
              });
          lane.execute(behind::countDown);
        });
    lane.execute(behind::countDown);
    assertThat(behind.await(10, TimeUnit.SECONDS)).isTrue();
    lane.execute(later::countDown);
    assertThat(later.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void sendAfter_onRealTime_firesOnceAndCanBeCancelled() {
    AtomicInteger fired = new AtomicInteger();
    node.spawn(
        new Behavior<String>() {
          @Override
          public void onStart(Self<String> self) {
            self.cancel(self.sendAfter(Duration.ofMillis(5), self.pid(), "never"));
            self.sendAfter(Duration.ofMillis(10), self.pid(), "once");
          }

          @Override
          public void onMessage(Self<String> self, String message) {
            assertThat(message).isEqualTo("once");
            fired.incrementAndGet();
          }
        });
    await().atMost(Duration.ofSeconds(5)).until(() -> fired.get() == 1);
  }
}

package dev.athanor.otp.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.ProcessInfo;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.process.SpawnOptions.Overflow;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The order between each pair of processes, bounds, and looks from outside, on real threads.
class RacingOrderTest {
  private static final int SENDERS = 6;
  private static final int EACH = 5_000;
  private static final List<Kind> KINDS =
      List.of(Kind.EVENT_LOOP, Kind.VIRTUAL_THREAD, Kind.WORKER);

  private final Vertx vertx = Vertx.vertx();
  private final VertxScheduler scheduler = new VertxScheduler(vertx);
  private final Node node = Node.on(scheduler);

  @AfterEach
  void close() {
    node.close();
    scheduler.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /// A sender that begins when the receiver watches it.
  private record Ready(Pid<Integer> sender) {}

  private record Numbered(Pid<?> from, int n) {}

  /// Notes the numbers of each sender; done when all senders are down.
  private static final class Receiver implements Behavior<Object> {
    final CompletableFuture<Map<Object, List<Integer>>> done = new CompletableFuture<>();
    private final Map<Object, List<Integer>> bySender = new HashMap<>();
    private int down;

    @Override
    public void onStart(Self<Object> self) {
      self.trapExit(true);
    }

    @Override
    public void onMessage(Self<Object> self, Object message) {
      if (message instanceof Ready(Pid<Integer> sender)) {
        self.monitor(sender);
        sender.send(EACH);
      } else if (message instanceof Numbered numbered) {
        note(numbered.from(), numbered.n());
      }
    }

    @Override
    public void onSignal(Self<Object> self, Signal signal) {
      switch (signal) {
        case Signal.Exit exit -> note(exit.from(), number(exit.reason()));
        case Signal.Down end -> {
          note(end.pid(), number(end.reason()));
          if (++down == SENDERS) {
            done.complete(bySender);
          }
        }
      }
    }

    private void note(Object from, int n) {
      bySender.computeIfAbsent(from, first -> new ArrayList<>()).add(n);
    }

    private static int number(ExitReason reason) {
      return ((ExitReason.Other) reason).value() instanceof Integer n ? n : -1;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EVENT_LOOP, false",
    "VIRTUAL_THREAD, false",
    "WORKER, false",
    "EVENT_LOOP, true",
    "WORKER, true"
  })
  void mixedKinds_betweenEachPair_inTheOrderOfSending(Kind kind, boolean bounded) throws Exception {
    Receiver receiver = new Receiver();
    SpawnOptions options = SpawnOptions.of(kind);
    Pid<Object> target =
        node.spawn(
            receiver, bounded ? options.mailbox(SENDERS * EACH, Overflow.DROP_OLDEST) : options);
    for (int s = 0; s < SENDERS; s++) {
      Pid<Integer> sender =
          node.spawn(
              (self, last) -> {
                for (int n = 0; n < last; n++) {
                  if (n % 7 == 3) {
                    self.exit(target, ExitReason.of(n));
                  } else {
                    target.send(new Numbered(self.pid(), n));
                  }
                }
                self.exit(ExitReason.of(last));
              },
              SpawnOptions.of(KINDS.get(s % 3)));
      target.send(new Ready(sender));
    }
    Map<Object, List<Integer>> got = receiver.done.get(30, TimeUnit.SECONDS);
    assertThat(got).hasSize(SENDERS);
    assertThat(got.values()).allSatisfy(each -> assertThat(each).isSorted().hasSize(EACH + 1));
  }

  @Test
  void dropOldest_manySenders_everyMessageIsHandledOrReportedLost() throws Exception {
    AtomicLong handled = new AtomicLong();
    AtomicLong lost = new AtomicLong();
    node.telemetry().attach("test", "athanor.process.message_dropped", e -> lost.incrementAndGet());
    Pid<Integer> target =
        node.spawn(
            (self, message) -> handled.incrementAndGet(),
            SpawnOptions.DEFAULT.mailbox(10, Overflow.DROP_OLDEST));
    CountDownLatch sent = new CountDownLatch(4);
    for (int s = 0; s < 4; s++) {
      Thread.ofPlatform()
          .start(
              () -> {
                for (int i = 0; i < 50_000; i++) {
                  target.send(i);
                }
                sent.countDown();
              });
    }
    assertThat(sent.await(30, TimeUnit.SECONDS)).isTrue();
    await().until(() -> handled.get() + lost.get() == 200_000);
    assertThat(node.info(target).mailboxLength()).isZero();
  }

  @Test
  void info_whileMessagesRush_neverMoreThanWasSentAndNoneAtTheEnd() throws Exception {
    int messages = 300_000;
    CountDownLatch handled = new CountDownLatch(messages);
    Pid<Integer> target = node.spawn((self, message) -> handled.countDown());
    Thread sender =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < messages; i++) {
                    target.send(i);
                  }
                });
    while (handled.getCount() > 0) {
      ProcessInfo info = node.info(target);
      assertThat(info.mailboxLength()).isBetween(0L, 2L * messages);
      assertThat(info.messagesHandled()).isBetween(0L, (long) messages);
    }
    sender.join();
    await().until(() -> node.info(target).status() == ProcessInfo.Status.WAITING);
    assertThat(node.info(target).mailboxLength()).isZero();
    assertThat(node.info(target).messagesHandled()).isEqualTo(messages);
  }
}

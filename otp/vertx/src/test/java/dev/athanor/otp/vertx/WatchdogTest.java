package dev.athanor.otp.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.telemetry.Event;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private final Vertx vertx = Vertx.vertx();
  private final VertxScheduler scheduler = new VertxScheduler(vertx);
  private final Node node = Node.builder(scheduler).watchdog(Duration.ofMillis(40)).build();
  private final BlockingQueue<Event> reports = new LinkedBlockingQueue<>();
  private final CountDownLatch release = new CountDownLatch(1);

  WatchdogTest() {
    node.telemetry().attach("test", "athanor.process.loop_held", reports::add);
  }

  @AfterEach
  void close() {
    release.countDown();
    node.close();
    scheduler.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private final class Stuck implements GenServer<String, Integer> {
    @Override
    public InitResult<Integer> init(ServerSelf<String> self) {
      return InitResult.ok(0);
    }

    @Override
    public Next<Integer> handleCast(String message, Integer state) throws Exception {
      assertThat(release.await(10, TimeUnit.SECONDS)).isTrue();
      return Next.noReply(state);
    }
  }

  @Test
  void callback_holdsItsLoop_reportedOnceWithItsStack() throws Exception {
    Pid<String> pid =
        GenServer.start(node, new Stuck()).toCompletableFuture().get(5, TimeUnit.SECONDS).orThrow();
    GenServer.cast(pid, "hold");
    Event report = reports.poll(5, TimeUnit.SECONDS);
    assertThat(report).isNotNull();
    assertThat(report.metadata().get("pid")).isEqualTo(pid);
    assertThat(report.metadata().get("behavior")).isEqualTo(Stuck.class.getName());
    assertThat(report.metadata().get("callback")).isEqualTo("handleCast");
    assertThat(report.measurements().get("held").longValue())
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(40));
    @SuppressWarnings("unchecked")
    List<StackTraceElement> stack = (List<StackTraceElement>) report.metadata().get("stack");
    assertThat(stack)
        .anySatisfy(
            frame -> {
              assertThat(frame.getClassName()).isEqualTo(Stuck.class.getName());
              assertThat(frame.getMethodName()).isEqualTo("handleCast");
            });
    assertThat(reports.poll(200, TimeUnit.MILLISECONDS)).as("once per offence").isNull();
  }

  @Test
  void callback_manyShortOnesInOneTurn_notReported() throws Exception {
    CountDownLatch handled = new CountDownLatch(200);
    Pid<Long> busy =
        node.spawn(
            (self, nanos) -> {
              long end = System.nanoTime() + nanos;
              while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
              }
              handled.countDown();
            });
    for (int i = 0; i < 200; i++) {
      busy.send(1_000_000L);
    }
    assertThat(handled.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(reports)
        .filteredOn(report -> report.measurements().get("held").longValue() > 1_000_000_000L)
        .isEmpty();
  }

  @Test
  void callback_blocksOnAVirtualThread_notReported() throws Exception {
    CountDownLatch in = new CountDownLatch(1);
    Pid<String> pid =
        node.spawn(
            (self, message) -> {
              in.countDown();
              assertThat(release.await(10, TimeUnit.SECONDS)).isTrue();
            },
            SpawnOptions.of(Kind.VIRTUAL_THREAD));
    pid.send("block");
    assertThat(in.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(reports.poll(150, TimeUnit.MILLISECONDS)).isNull();
  }
}

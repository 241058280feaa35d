package dev.athanor.otp.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.server.CallTimeout;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerDown;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnisTest {
  sealed interface Ask {}

  record Count() implements Ask, Request<Integer> {}

  record Never() implements Ask, Request<Integer> {}

  private final Vertx vertx = Vertx.vertx();
  private final VertxScheduler scheduler = new VertxScheduler(vertx);
  private final Node node = Node.on(scheduler);

  @AfterEach
  void close() {
    node.close();
    scheduler.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /// Counts the calls it has had.
  private static final class Counter implements GenServer<Ask, Integer> {
    @Override
    public InitResult<Integer> init(ServerSelf<Ask> self) {
      return InitResult.ok(0);
    }

    @Override
    public Next<Integer> handleCall(Ask request, From<?> from, Integer state) {
      return switch (request) {
        case Count count -> Next.reply(count, state + 1, state + 1);
        case Never _ -> Next.noReply(state);
      };
    }
  }

  private Pid<Ask> server() throws Exception {
    return GenServer.start(node, new Counter(), ServerOptions.DEFAULT.kind(Kind.WORKER))
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS)
        .orThrow();
  }

  @Test
  void call_everySubscription_isACallOfItsOwn() throws Exception {
    Uni<Integer> uni = Unis.call(server(), new Count());
    assertThat(uni.await().atMost(Duration.ofSeconds(5))).as("none before").isEqualTo(1);
    assertThat(uni.await().atMost(Duration.ofSeconds(5))).isEqualTo(2);
  }

  @Test
  void call_fromAnEventLoop_answersOnTheContextOfTheSubscriber() throws Exception {
    Pid<Ask> server = server();
    CompletableFuture<Boolean> same = new CompletableFuture<>();
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        ignored ->
            Unis.call(server, new Count())
                .subscribe()
                .with(
                    reply -> same.complete(context.equals(Vertx.currentContext())),
                    same::completeExceptionally));
    assertThat(same.get(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void call_fromAProcessOnALoop_answersOnThatLoop() throws Exception {
    Pid<Ask> server = server();
    CompletableFuture<Boolean> same = new CompletableFuture<>();
    node.spawn(
        new Behavior<String>() {
          @Override
          public void onStart(Self<String> self) {
            Thread mine = Thread.currentThread();
            Unis.call(server, new Count())
                .subscribe()
                .with(
                    reply -> same.complete(Thread.currentThread().equals(mine)),
                    same::completeExceptionally);
          }

          @Override
          public void onMessage(Self<String> self, String message) {}
        });
    assertThat(same.get(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void call_deadServerOrNoReply_failsAsTheCallDoes() throws Exception {
    Pid<Ask> server = server();
    assertThatThrownBy(
            () ->
                Unis.call(server, new Never(), Duration.ofMillis(20))
                    .await()
                    .atMost(Duration.ofSeconds(5)))
        .isInstanceOf(CallTimeout.class);
    node.exit(server, ExitReason.KILL);
    node.exited(server).toCompletableFuture().get(5, TimeUnit.SECONDS);
    assertThatThrownBy(() -> Unis.call(server, new Count()).await().atMost(Duration.ofSeconds(5)))
        .isInstanceOf(ServerDown.class);
  }

  @Test
  void callBlocking_onAnEventLoop_refusedWithTheWayOut() throws Exception {
    Pid<Ask> server = server();
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    node.spawn(
        new Behavior<String>() {
          @Override
          public void onStart(Self<String> self) {
            try {
              int answer = GenServer.callBlocking(server, new Count());
              refused.completeExceptionally(new AssertionError("answered " + answer));
            } catch (IllegalStateException expected) {
              refused.complete(expected);
            }
          }

          @Override
          public void onMessage(Self<String> self, String message) {}
        });
    assertThat(refused.get(5, TimeUnit.SECONDS))
        .hasMessageContaining("event loop")
        .hasMessageContaining("Kind.VIRTUAL_THREAD");
  }
}

package dev.athanor.otp.statem;

import static dev.athanor.otp.statem.StateAction.postpone;
import static dev.athanor.otp.statem.StateAction.reply;
import static dev.athanor.otp.statem.StateAction.stateTimeout;
import static dev.athanor.otp.statem.Step.keepState;
import static dev.athanor.otp.statem.Step.keepStateAndData;
import static dev.athanor.otp.statem.Step.nextState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A connection that connects by itself, tries again with a growing pause when that fails, and lets
/// requests wait until it is up. One function handles the events of all states.
class ConnectionTest {
  sealed interface Command {}

  record Query(String text) implements Command, Request<String> {}

  record Opened(@Nullable Socket socket) implements Command {}

  record Lost() implements Command {}

  interface Socket {
    String ask(String text);
  }

  sealed interface Phase {}

  record Connecting(int attempt) implements Phase {}

  record Waiting(int attempt) implements Phase {}

  record Connected(Socket socket) implements Phase {}

  record Stats(int attempts) {}

  static final class Connection implements GenStatem<Command, Phase, Stats> {
    private final Supplier<CompletionStage<Socket>> opener;
    private @Nullable ServerSelf<Command> self;

    Connection(Supplier<CompletionStage<Socket>> opener) {
      this.opener = opener;
    }

    @Override
    public InitResult<Step.NextState<Phase, Stats>> init(ServerSelf<Command> handle) {
      self = handle;
      return InitResult.ok(nextState(new Connecting(1), new Stats(0)));
    }

    @Override
    public Step<Phase, Stats> enter(Phase old, Phase phase, Stats stats) {
      return switch (phase) {
        case Connecting _ -> {
          Objects.requireNonNull(self).pipe(opener.get(), (socket, failure) -> new Opened(socket));
          yield keepState(new Stats(stats.attempts() + 1));
        }
        case Waiting waiting ->
            keepStateAndData(
                stateTimeout(Duration.ofMillis(100L << (waiting.attempt() - 1)), "again"));
        case Connected _ -> keepStateAndData();
      };
    }

    @Override
    public Step<Phase, Stats> handleEvent(Event<Command> event, Phase phase, Stats stats) {
      return switch (event) {
        case Event.Call<Command>(Query query, From<?> from) ->
            phase instanceof Connected(Socket socket)
                ? keepStateAndData(reply(query, from, socket.ask(query.text())))
                : keepStateAndData(postpone());
        case Event.Cast<Command>(Opened opened) -> {
          int attempt = phase instanceof Connecting connecting ? connecting.attempt() : 1;
          yield opened.socket() == null
              ? nextState(new Waiting(attempt), stats)
              : nextState(new Connected(opened.socket()), stats);
        }
        case Event.Cast<Command>(Lost _) -> nextState(new Connecting(1), stats);
        case Event.StateTimeout<Command> _ ->
            nextState(new Connecting(((Waiting) phase).attempt() + 1), stats);
        default -> throw new IllegalArgumentException("a connection cannot handle " + event);
      };
    }
  }

  private final DeterministicScheduler scheduler = new DeterministicScheduler(4);
  private final Node node = Node.on(scheduler);
  private final Deque<CompletableFuture<Socket>> attempts = new ArrayDeque<>();
  private final List<Long> times = new ArrayList<>();

  private Pid<Command> connect() {
    return scheduler
        .await(
            GenStatem.start(
                node,
                new Connection(
                    () -> {
                      times.add(scheduler.nanoTime() / 1_000_000);
                      CompletableFuture<Socket> attempt = new CompletableFuture<>();
                      attempts.add(attempt);
                      return attempt;
                    })))
        .orThrow();
  }

  private void fail() {
    attempts.removeFirst().completeExceptionally(new IllegalStateException("refused"));
    scheduler.runUntilIdle();
  }

  private void succeed() {
    attempts.removeFirst().complete(text -> "answer to " + text);
    scheduler.runUntilIdle();
  }

  @Test
  void connect_failsAgainAndAgain_pausesGrow() {
    connect();
    scheduler.runUntilIdle();
    for (int i = 0; i < 4; i++) {
      fail();
      scheduler.advance(Duration.ofSeconds(1));
    }
    assertThat(times.getFirst()).isZero();
    assertThat(times.get(1)).isEqualTo(100);
    assertThat(times.get(2)).isEqualTo(1000 + 200);
    assertThat(times.get(3)).isEqualTo(2000 + 400);
    assertThat(times.get(4)).isEqualTo(3000 + 800);
  }

  @Test
  void query_beforeItIsUp_waitsForTheConnection() {
    Pid<Command> pid = connect();
    var reply = GenServer.call(pid, new Query("one")).toCompletableFuture();
    scheduler.runUntilIdle();
    fail();
    assertThat(reply).isNotDone();
    scheduler.advance(Duration.ofMillis(100));
    succeed();
    assertThat(reply).isCompletedWithValue("answer to one");
  }

  @Test
  void lost_whileUp_connectsAnew() {
    Pid<Command> pid = connect();
    scheduler.runUntilIdle();
    succeed();
    GenServer.cast(pid, new Lost());
    scheduler.runUntilIdle();
    assertThat(attempts).hasSize(1);
    succeed();
    assertThat(scheduler.await(GenServer.call(pid, new Query("two")))).isEqualTo("answer to two");
  }
}

package dev.athanor.otp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SuspendedServerTest {
  sealed interface Ask {}

  record Get() implements Ask, Request<String> {}

  record Put(String value) implements Ask {}

  private final DeterministicScheduler scheduler = new DeterministicScheduler(5);
  private final Node node = Node.on(scheduler);
  private final List<Object> diary = new ArrayList<>();

  private class Server implements GenServer<Ask, String> {
    @Override
    public InitResult<String> init(ServerSelf<Ask> self) {
      self.trapExit(true);
      return InitResult.ok("a");
    }

    @Override
    public Next<String> handleCall(Ask request, From<?> from, String state) {
      return Next.reply(state, state);
    }

    @Override
    public Next<String> handleCast(Ask message, String state) {
      return Next.noReply(((Put) message).value()).then(Action.timeout(Duration.ofMillis(100)));
    }

    @Override
    public Next<String> handleInfo(Info info, String state) {
      diary.add(info);
      return Next.noReply(state);
    }

    @Override
    public void terminate(ExitReason reason, String state) {
      diary.add("terminate " + reason);
    }

    @Override
    public String codeChange(Object oldVersion, String state, Object extra) {
      return state + " from " + oldVersion + " with " + extra;
    }

    @Override
    public Object formatStatus(String state) {
      return "<" + state + ">";
    }
  }

  private Pid<Ask> up() {
    return scheduler.await(GenServer.start(node, new Server())).orThrow();
  }

  private void ask(Pid<?> pid, Consumer<Behavior.Live> action) {
    node.system(
        pid,
        new Behavior.SystemRequest() {
          @Override
          public void serve(Behavior.Live process) {
            action.accept(process);
          }

          @Override
          public void refused(ExitReason reason) {
            diary.add("refused " + reason);
          }
        });
  }

  @Test
  void call_whileSuspended_waitsForTheResumeOrItsTimeout() {
    Pid<Ask> pid = up();
    ask(pid, Behavior.Live::suspend);
    var late = GenServer.call(pid, new Get(), Duration.ofMillis(50)).toCompletableFuture();
    var patient = GenServer.call(pid, new Get()).toCompletableFuture();
    scheduler.advance(Duration.ofMillis(60));
    assertThat(late.exceptionNow()).isInstanceOf(CallTimeout.class);
    assertThat(patient).isNotDone();
    ask(pid, Behavior.Live::resume);
    scheduler.runUntilIdle();
    assertThat(patient).isCompletedWithValue("a");
  }

  @Test
  void inside_suspendedServer_showsReplacesAndConvertsTheState() {
    Pid<Ask> pid = up();
    ask(
        pid,
        live -> {
          Behavior.Inside inside = live.inside();
          diary.add(inside.state());
          inside.replaceState("b");
          try {
            inside.changeCode(1, "x");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          diary.add(inside.status());
          diary.add(inside.module());
        });
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("a", "<b from 1 with x>", Server.class.getName());
  }

  @Test
  void stop_whileSuspended_terminates() {
    Pid<Ask> pid = up();
    ask(pid, Behavior.Live::suspend);
    var stopped = GenServer.stop(pid).toCompletableFuture();
    scheduler.runUntilIdle();
    assertThat(stopped).isCompletedWithValue(null);
    assertThat(diary).containsExactly("terminate normal");
  }

  @Test
  void parentEnds_whileSuspended_terminates() {
    Probe<Object> parent = Probe.on(node);
    var start = parent.run(self -> GenServer.startLink(self, new Server()));
    Pid<Ask> pid = scheduler.await(scheduler.await(start)).orThrow();
    ask(pid, Behavior.Live::suspend);
    scheduler.runUntilIdle();
    node.exit(parent.pid(), ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("terminate killed");
    assertThat(pid.isAlive()).isFalse();
  }

  @Test
  void system_whileInitDecides_servedAfterwards() {
    CompletableFuture<InitResult<String>> decision = new CompletableFuture<>();
    var started =
        GenServer.start(
            node,
            new Server() {
              @Override
              public InitResult<String> init(ServerSelf<Ask> self) {
                return InitResult.later(decision);
              }
            });
    scheduler.runUntilIdle();
    node.processes().forEach(pid -> ask(pid, live -> diary.add(live.inside().state())));
    scheduler.runUntilIdle();
    assertThat(diary).isEmpty();
    decision.complete(InitResult.ok("late"));
    scheduler.await(started);
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("late");
  }

  @Test
  void timeout_systemRequestMeanwhile_startsAnew() {
    Pid<Ask> pid = up();
    GenServer.cast(pid, new Put("t"));
    scheduler.advance(Duration.ofMillis(60));
    ask(pid, live -> diary.add("looked"));
    scheduler.advance(Duration.ofMillis(60));
    assertThat(diary).containsExactly("looked");
    scheduler.advance(Duration.ofMillis(60));
    assertThat(diary).containsExactly("looked", new Info.Timeout());
  }

  @Test
  void watch_server_tellsOfCallsRepliesAndTheEnd() {
    Pid<Ask> pid = up();
    ask(pid, live -> live.watch(event -> diary.add(event.what() + " " + event.subject())));
    GenServer.call(pid, new Get());
    GenServer.cast(pid, new Put("b"));
    GenServer.stop(pid);
    scheduler.runUntilIdle();
    assertThat(diary)
        .containsExactly(
            "IN Get[]",
            "OUT a",
            "IN Put[value=b]",
            "NO_REPLY null",
            "TERMINATE normal",
            "terminate normal",
            "EXIT normal");
  }
}

package dev.athanor.otp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.Agent.Outcome;
import dev.athanor.otp.sys.Sys;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(3);
  private final Node node = Node.on(scheduler);

  @Test
  void agent_getUpdateCast_keepsState() {
    Pid<Agent.Command<Integer>> agent =
        scheduler.await(Agent.start(node, () -> 1, ServerOptions.DEFAULT)).orThrow();
    String before =
        scheduler.await(Agent.getAndUpdate(agent, n -> new Outcome<>("was " + n, n + 1)));
    assertThat(before).isEqualTo("was 1");
    assertThat(scheduler.await(Agent.<Integer, Integer>get(agent, n -> n))).isEqualTo(2);
    Agent.cast(agent, n -> n * 10);
    assertThat(scheduler.await(Agent.<Integer, Integer>get(agent, n -> n))).isEqualTo(20);
    assertThat(scheduler.await(Agent.update(agent, n -> n + 1))).isEqualTo(21);
  }

  @Test
  void getAndUpdate_theFunctionTakesTooLong_failsInItsTime() {
    Pid<Agent.Command<Integer>> agent =
        scheduler.await(Agent.start(node, () -> 1, ServerOptions.DEFAULT)).orThrow();
    scheduler.await(Sys.suspend(agent));
    var late =
        Agent.getAndUpdate(agent, n -> new Outcome<>(n, n + 1), Duration.ofMillis(20))
            .toCompletableFuture();
    scheduler.advance(Duration.ofMillis(20));
    assertThatThrownBy(late::join).hasCauseInstanceOf(CallTimeout.class);
  }

  @Test
  void getAndUpdate_noOutcome_endsTheAgentAndSaysWhatWasExpected() {
    Pid<Agent.Command<Integer>> agent =
        scheduler.await(Agent.start(node, () -> 1, ServerOptions.DEFAULT)).orThrow();
    assertThatThrownBy(() -> scheduler.await(Agent.getAndUpdate(agent, n -> null)))
        .hasMessageContaining("returns an Outcome");
  }

  @Test
  void callBlocking_fromAProcessOnAnEventLoop_refused() {
    Pid<Agent.Command<Integer>> agent =
        scheduler.await(Agent.start(node, () -> 1, ServerOptions.DEFAULT)).orThrow();
    List<String> messages = new ArrayList<>();
    node.<String>spawn(
            (self, message) -> {
              try {
                GenServer.callBlocking(
                    agent, new Agent.Step<Integer, Integer>(n -> new Outcome<>(n, n)));
              } catch (IllegalStateException refused) {
                messages.add(refused.getMessage());
              }
            })
        .send("go");
    scheduler.runUntilIdle();
    assertThat(messages).singleElement().asString().contains("on an event loop");
  }
}

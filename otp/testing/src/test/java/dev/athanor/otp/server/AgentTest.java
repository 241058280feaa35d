package dev.athanor.otp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.testing.DeterministicScheduler;
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
    assertThat(scheduler.await(Agent.getAndUpdate(agent, n -> n + 1))).isEqualTo(1);
    assertThat(scheduler.await(Agent.<Integer, Integer>get(agent, n -> n))).isEqualTo(2);
    Agent.cast(agent, n -> n * 10);
    assertThat(scheduler.await(Agent.<Integer, Integer>get(agent, n -> n))).isEqualTo(20);
    assertThat(scheduler.await(Agent.update(agent, n -> n + 1))).isEqualTo(21);
  }

  @Test
  void callBlocking_fromAProcessOnAnEventLoop_refused() {
    Pid<Agent.Command<Integer>> agent =
        scheduler.await(Agent.start(node, () -> 1, ServerOptions.DEFAULT)).orThrow();
    List<String> messages = new ArrayList<>();
    node.<String>spawn(
            (self, message) -> {
              try {
                GenServer.callBlocking(agent, new Agent.Get<Integer, Integer>(n -> n));
              } catch (IllegalStateException refused) {
                messages.add(refused.getMessage());
              }
            })
        .send("go");
    scheduler.runUntilIdle();
    assertThat(messages).singleElement().asString().contains("on an event loop");
  }
}

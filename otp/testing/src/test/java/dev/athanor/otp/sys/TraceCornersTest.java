package dev.athanor.otp.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Behavior.What;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.statem.Event;
import dev.athanor.otp.statem.GenStatem;
import dev.athanor.otp.statem.Step;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceCornersTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(13);
  private final Node node = Node.on(scheduler);
  private final List<What> seen = new ArrayList<>();

  private static final class Machine implements GenStatem<String, String, Integer> {
    @Override
    public InitResult<Step.NextState<String, Integer>> init(ServerSelf<String> self) {
      return InitResult.ok(Step.nextState("on", 0));
    }

    @Override
    public Step<String, Integer> handleEvent(Event<String> event, String state, Integer data) {
      return Step.keepStateAndData();
    }
  }

  @Test
  void machine_itEnds_traceEndsWithIt() {
    Pid<String> pid = scheduler.await(GenStatem.start(node, new Machine())).orThrow();
    Trace trace = Trace.of(pid, TraceSpec.events(100), event -> seen.add(event.event().what()));
    scheduler.runUntilIdle();
    node.exit(pid, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(trace.ended()).isCompletedWithValue(Trace.End.GONE);
    assertThat(seen).containsExactly(What.EXIT);
  }

  @Test
  void matching_patternThrows_traceFailsAndProcessesLive() {
    Pid<Clerk.Ask> clerk = scheduler.await(GenServer.start(node, new Clerk())).orThrow();
    Pid<Object> plain = node.spawn((self, message) -> {});
    Trace trace =
        Trace.matching(
            node,
            info -> {
              throw new IllegalStateException("pattern");
            },
            TraceSpec.events(100),
            event -> {});
    scheduler.runUntilIdle();
    assertThat(clerk.isAlive()).isTrue();
    assertThat(plain.isAlive()).isTrue();
    assertThat(trace.ended()).isCompletedWithValue(Trace.End.FAILED);
  }
}

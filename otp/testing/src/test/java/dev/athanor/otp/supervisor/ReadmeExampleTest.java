package dev.athanor.otp.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Probe;
import org.junit.jupiter.api.Test;

/// The example of otp/README.md.
class ReadmeExampleTest {
  sealed interface Counter {}

  record Add(int n) implements Counter {}

  record Total() implements Counter, Request<Integer> {}

  static final class CounterServer implements GenServer<Counter, Integer> {
    @Override
    public InitResult<Integer> init(ServerSelf<Counter> self) {
      return InitResult.ok(0);
    }

    @Override
    public Next<Integer> handleCall(Counter request, From<?> from, Integer total) {
      return switch (request) {
        case Total ask -> Next.reply(ask, total, total);
        case Add add -> Next.reply(null, total + add.n());
      };
    }

    @Override
    public Next<Integer> handleCast(Counter message, Integer total) {
      return switch (message) {
        case Add add -> Next.noReply(total + add.n());
        case Total _ -> Next.noReply(total);
      };
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void counter_killed_startedAgainUnderItsName() {
    DeterministicScheduler scheduler = new DeterministicScheduler();
    Node node = Node.on(scheduler);
    Application app =
        scheduler.await(
            Application.start(
                node,
                SupervisorSpec.of(
                    Strategy.ONE_FOR_ONE,
                    ChildSpec.server(
                        "counter", CounterServer::new, ServerOptions.named("counter")))));
    Pid<Counter> counter = (Pid<Counter>) node.whereis("counter");
    Probe<Object> probe = Probe.on(node);
    scheduler.await(probe.run(self -> self.monitor(counter)));
    GenServer.cast(counter, new Add(2));
    assertThat(scheduler.await(GenServer.call(counter, new Total()))).isEqualTo(2);
    node.exit(counter, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(probe.received()).hasSize(1);
    Pid<Counter> again = (Pid<Counter>) node.whereis("counter");
    assertThat(again).isNotSameAs(counter);
    assertThat(scheduler.await(GenServer.call(again, new Total()))).isZero();
    scheduler.await(app.stop());
    assertThat(node.whereis("counter")).isNull();
  }
}

package dev.athanor.otp.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.testing.DeterministicScheduler;
import org.junit.jupiter.api.Test;

class CounterTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(1);

  @Test
  void read_afterSomeAdds_theirSum() {
    var counter = scheduler.await(GenServer.start(Node.on(scheduler), new Counter())).orThrow();
    Counter.add(counter, 2);
    Counter.add(counter, 40);
    assertThat(scheduler.await(Counter.read(counter))).isEqualTo(42);
  }
}

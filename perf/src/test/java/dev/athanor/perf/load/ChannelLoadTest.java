package dev.athanor.perf.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The load and both servers understand each other; a client that misses something makes it throw.
class ChannelLoadTest {
  @ParameterizedTest
  @ValueSource(classes = {ChannelServer.class, BareServer.class})
  void load_aFewClients_joinReceiveEchoAndComeBack(Class<?> server) throws Exception {
    try (ChannelLoad load = new ChannelLoad(1, "", server)) {
      assertThat(load.join(20).seconds()).isPositive();
      assertThat(load.broadcast(3, Duration.ZERO).p50Millis()).isPositive();
      assertThat(load.echo(5, Duration.ofMillis(50)).aSecond()).isPositive();
      load.leave();
      load.join(10);
      load.broadcast(2, Duration.ZERO);
      assertThat(load.idle(Duration.ZERO).seconds()).isNotNegative();
      assertThat(load.residentKb()).isPositive();
      assertThat(load.reachableKb()).isPositive();
    }
  }
}

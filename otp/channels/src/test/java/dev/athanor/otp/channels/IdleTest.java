package dev.athanor.otp.channels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.testing.TestSocket;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// When a silent connection is closed: not before the idle timeout, and within a quarter more.
class IdleTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler();
  private final Node node = Node.on(scheduler);
  private final Endpoint endpoint =
      Endpoint.builder(node, new PubSub(node))
          .channel("room", RoomOfNobody::new)
          .limits(Limits.DEFAULT.withIdleTimeout(Duration.ofSeconds(60)))
          .build();

  private static final class RoomOfNobody extends Channel {
    @Override
    protected JoinResult onJoin(String topic, Payload params) {
      return JoinResult.ok();
    }
  }

  @Test
  void connection_silentSinceItsLastMessage_isClosedInTime() {
    for (int heardAt = 1; heardAt <= 45; heardAt += 4) {
      try (TestSocket socket = TestSocket.connect(endpoint)) {
        scheduler.advance(Duration.ofSeconds(heardAt));
        socket.subscribeAndJoin("room");
        scheduler.advance(Duration.ofSeconds(59));
        assertThat(endpoint.traffic().sockets()).as("heard at " + heardAt).isEqualTo(1);
        scheduler.advance(Duration.ofSeconds(17));
        assertThat(socket.assertDisconnected()).as("heard at " + heardAt).isEqualTo(1002);
        assertThat(endpoint.traffic().sockets()).isZero();
      }
    }
  }

  @Test
  void connection_thatNeverSaysAnything_isGivenTheSameTime() {
    try (TestSocket socket = TestSocket.connect(endpoint)) {
      scheduler.advance(Duration.ofSeconds(59));
      assertThat(endpoint.traffic().sockets()).isEqualTo(1);
      scheduler.advance(Duration.ofSeconds(17));
      assertThat(socket.assertDisconnected()).isEqualTo(1002);
    }
  }
}

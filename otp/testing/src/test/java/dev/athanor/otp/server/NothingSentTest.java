package dev.athanor.otp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.testing.DeterministicScheduler;
import org.junit.jupiter.api.Test;

/// Null is no message, and who sends it is told so at once.
class NothingSentTest {
  record Get() implements Request<String> {}

  private final DeterministicScheduler scheduler = new DeterministicScheduler(3);
  private final Node node = Node.on(scheduler);

  private static final class Echo implements GenServer<Get, String> {
    @Override
    public InitResult<String> init(ServerSelf<Get> self) {
      return InitResult.ok("s");
    }
  }

  @Test
  void null_sentCastOrCalled_refusedToTheSender() {
    Pid<Get> pid =
        scheduler.await(GenServer.start(node, new Echo(), ServerOptions.named("echo"))).orThrow();
    assertThatThrownBy(() -> pid.send(null)).hasMessageContaining("null is no message");
    assertThatThrownBy(() -> pid.trySend(null)).hasMessageContaining("null is no message");
    assertThatThrownBy(() -> GenServer.cast(pid, null)).hasMessageContaining("null is no message");
    assertThatThrownBy(() -> GenServer.cast(node, Name.local("echo"), null))
        .hasMessageContaining("null is no message");
    assertThatThrownBy(() -> GenServer.<String, Get>call(pid, null))
        .hasMessageContaining("null is no message");
    scheduler.runUntilIdle();
    assertThat(pid.isAlive()).isTrue();
  }
}

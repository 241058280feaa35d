package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.Scripted.Act;
import dev.athanor.otp.server.CallFailed;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Probe;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Reasons and messages whose own methods throw, and reasons that are none: nobody but who made
/// them suffers.
class BadReasonsTest {
  /// Throws whatever it is asked.
  private record Poison() {
    @Override
    public boolean equals(Object other) {
      throw new IllegalStateException("equals");
    }

    @Override
    public int hashCode() {
      throw new IllegalStateException("hashCode");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("toString");
    }
  }

  /// Wants to know that it was not delivered, and throws then.
  private record Touchy() implements Act, Pid.Undelivered {
    @Override
    public void perform(Self<Act> self) {}

    @Override
    public void undelivered(Pid<?> receiver, ExitReason reason) {
      throw new IllegalStateException("undelivered");
    }
  }

  private final DeterministicScheduler scheduler = new DeterministicScheduler(7);
  private final Node node = Node.on(scheduler);
  private final Probe<Object> probe = Probe.on(node);
  private final Pid<Act> pid = node.spawn(new Scripted());

  private void watched() {
    var _ = probe.run(self -> self.monitor(pid));
    var _ =
        probe.run(
            self -> {
              self.link(pid);
              return true;
            });
    scheduler.runUntilIdle();
  }

  @Test
  void exit_withoutReason_refusedWhereItIsAsked() {
    assertThatThrownBy(() -> node.exit(pid, null)).hasMessageContaining("reason");
    var own = new Throwable[2];
    pid.send(
        self -> {
          try {
            self.exit(null);
          } catch (NullPointerException refused) {
            own[0] = refused;
          }
          try {
            self.exit(probe.pid(), null);
          } catch (NullPointerException refused) {
            own[1] = refused;
          }
        });
    scheduler.runUntilIdle();
    assertThat(own).allSatisfy(refused -> assertThat(refused).hasMessageContaining("reason"));
    assertThat(pid.isAlive()).isTrue();
    node.exit(pid, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(pid.isAlive()).isFalse();
  }

  @Test
  void end_waitingMessageThrowsWhenRefused_linksAndMonitorsHearOfIt() {
    watched();
    pid.send(self -> self.exit(ExitReason.of("done")));
    pid.send(new Touchy());
    scheduler.runUntilIdle();
    assertThat(probe.expectDown(pid)).isEqualTo(ExitReason.of("done"));
    assertThat(probe.expectExit(pid)).isEqualTo(ExitReason.of("done"));
    assertThat(node.processCount()).isEqualTo(1);
  }

  @Test
  void end_reasonThatThrows_everyWaitingCallFails() {
    watched();
    var stop =
        GenServer.stop(pid, ExitReason.of(new Poison()), Duration.ofSeconds(5))
            .toCompletableFuture();
    var call = GenServer.stop(pid).toCompletableFuture();
    node.exit(pid, ExitReason.of(new Poison()));
    scheduler.runUntilIdle();
    assertThat(stop.exceptionNow()).isInstanceOf(CallFailed.class);
    assertThat(call.exceptionNow()).isInstanceOf(CallFailed.class);
    assertThat(probe.received()).hasSize(2);
  }

  @Test
  void refs_sentAsMessages_areMessages() {
    MonitorRef ref = scheduler.await(probe.run(self -> self.monitor(pid)));
    TimerRef timer =
        scheduler.await(
            probe.run(self -> self.sendAfter(Duration.ofHours(1), self.pid(), "never")));
    Probe<Object> other = Probe.on(node);
    other.pid().send(ref);
    other.pid().send(timer);
    probe.pid().send(ref);
    probe.pid().send(timer);
    assertThat(other.expect(MonitorRef.class)).isSameAs(ref);
    assertThat(other.expect(TimerRef.class)).isSameAs(timer);
    assertThat(probe.expect(MonitorRef.class)).isSameAs(ref);
    assertThat(probe.expect(TimerRef.class)).isSameAs(timer);
    assertThat(node.info(other.pid()).monitoredBy()).isZero();
  }
}

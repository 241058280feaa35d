package dev.athanor.otp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.Node;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProbeTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(5);
  private final Node node = Node.on(scheduler);
  private final Probe<Object> probe = Probe.on(node);

  private void later(int millis, Object message) {
    node.sendAfter(Duration.ofMillis(millis), probe.pid(), message);
  }

  @Test
  void expect_comesLater_clockMovesAsFarAsItHasTo() {
    later(300, "b");
    later(100, "a");
    assertThat(probe.expect("b")).isEqualTo("b");
    assertThat(scheduler.nanoTime()).isEqualTo(300_000_000L);
    assertThat(probe.received()).containsExactly("a");
  }

  @Test
  void expect_typeAndCondition_leavesOthersInTheirOrder() {
    probe.pid().send(1);
    probe.pid().send("x");
    probe.pid().send(2);
    probe.pid().send(3);
    assertThat(probe.expect(Integer.class, n -> n > 1, Duration.ZERO)).isEqualTo(2);
    assertThat(probe.expect(Integer.class)).isEqualTo(1);
    assertThat(probe.received()).containsExactly("x", 3);
  }

  @Test
  void expect_tooLate_saysWhatCameInsteadAndTheSeed() {
    later(10, "other");
    later(2000, 5);
    assertThatThrownBy(() -> probe.expect(Integer.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("a Integer within PT1S")
        .hasMessageContaining("[other]")
        .hasMessageContaining("seed 5");
    assertThat(scheduler.nanoTime()).isEqualTo(1_000_000_000L);
  }

  @Test
  void expectNone_nothingThenSomething_passesThenFails() {
    later(100, "a");
    probe.expectNone(Duration.ofMillis(99));
    assertThat(scheduler.nanoTime()).isEqualTo(99_000_000L);
    assertThatThrownBy(() -> probe.expectNone(Duration.ofMillis(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("got a");
  }

  @Test
  void run_actionFailsAnAssertion_reachesTheTestAndTheProbeLives() {
    var outcome =
        probe.run(
            self -> {
              throw new AssertionError("not so");
            });
    scheduler.runUntilIdle();
    assertThat(outcome.exceptionNow()).hasMessage("not so");
    assertThat(probe.pid().isAlive()).isTrue();
  }
}

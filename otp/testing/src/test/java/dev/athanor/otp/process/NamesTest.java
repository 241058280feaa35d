package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.testing.DeterministicScheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler();
  private final Node node = Node.on(scheduler);
  private final List<Object> got = new ArrayList<>();

  @Test
  void send_byName_reachesTheHolder() {
    node.register("counter", node.spawn((self, message) -> got.add(message)));
    node.send(Name.local("counter"), "hello");
    assertThat(node.trySend(Name.local("counter"), "again")).isEqualTo(Pid.Outcome.SENT);
    scheduler.runUntilIdle();
    assertThat(got).containsExactly("hello", "again");
  }

  @ParameterizedTest
  @CsvSource({"cuonter, counter", "counte, counter", "countr2, counter", "Clock, clock"})
  void send_unknownName_refusedWithTheSimilarOne(String wanted, String meant) {
    node.register("counter", node.spawn((self, message) -> got.add(message)));
    node.register("clock", node.spawn((self, message) -> got.add(message)));
    assertThatThrownBy(() -> node.send(Name.local(wanted), "hello"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "no process has the name '" + wanted + "'; did you mean '" + meant + "'?");
  }

  @Test
  void send_unknownNameUnlikeAny_noSuggestion() {
    node.register("counter", node.spawn((self, message) -> got.add(message)));
    assertThatThrownBy(() -> node.send(Name.local("mailer"), "hello"))
        .hasMessageContaining("no process has the name 'mailer'")
        .hasMessageNotContaining("did you mean");
  }

  @Test
  void trySend_unknownName_deadAndReported() {
    node.telemetry().attach("test", "athanor.process.dead_letters", got::add);
    assertThat(node.trySend(Name.local("nobody"), "hello")).isEqualTo(Pid.Outcome.DEAD);
    assertThat(got).hasSize(1);
  }
}

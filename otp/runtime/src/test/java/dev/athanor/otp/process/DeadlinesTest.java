package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.ets.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private final ManualScheduler scheduler = new ManualScheduler();
  private final Node node = Node.on(scheduler);
  private final List<String> expired = new ArrayList<>();

  private final class Due extends Node.Deadline {
    private final String name;

    Due(String name) {
      this.name = name;
    }

    @Override
    protected void expired() {
      expired.add(name);
      if (name.equals("bad")) {
        throw new IllegalStateException(name);
      }
    }
  }

  @Test
  void disarm_manyLengthsThatNobodyUsesTwice_leavesFewTimersBehind() {
    for (int i = 0; i < 5_000; i++) {
      Due due = new Due("never");
      node.arm(due, Duration.ofHours(1).plusNanos(i));
      due.disarm();
    }
    assertThat(scheduler.timers()).isLessThan(1_000);
    Due last = new Due("last");
    node.arm(last, Duration.ofSeconds(1).plusNanos(77));
    scheduler.advance(Duration.ofSeconds(2));
    assertThat(expired).containsExactly("last");
  }

  @Test
  void expired_throws_thoseBehindItExpireAllTheSame() {
    Duration second = Duration.ofSeconds(1);
    node.arm(new Due("first"), second);
    node.arm(new Due("bad"), second);
    node.arm(new Due("next"), second);
    assertThatThrownBy(() -> scheduler.advance(second)).hasMessage("bad");
    scheduler.advance(Duration.ofMillis(1));
    assertThat(expired).containsExactly("first", "bad", "next");
    node.arm(new Due("later"), second);
    scheduler.advance(second);
    assertThat(expired).endsWith("later");
  }
}

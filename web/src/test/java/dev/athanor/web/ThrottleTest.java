package dev.athanor.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private long now = Long.MAX_VALUE - 5;
  private final Throttle throttle = new Throttle(2, 3, () -> now);

  @Test
  void take_moreThanTheBurst_isToldWhenToComeAgain() {
    assertThat(throttle.take("a")).isZero();
    assertThat(throttle.take("a")).isZero();
    assertThat(throttle.take("a")).isZero();

    assertThat(throttle.take("a")).isEqualTo(1);
    now += Duration.ofMillis(500).toNanos();
    assertThat(throttle.take("a")).isZero();
    assertThat(throttle.take("a")).isEqualTo(1);
  }

  @Test
  void take_afterALongRest_givesNoMoreThanTheBurst() {
    now += Duration.ofDays(1).toNanos();

    for (int i = 0; i < 3; i++) {
      assertThat(throttle.take("a")).isZero();
    }
    assertThat(throttle.take("a")).isPositive();
  }

  @Test
  void take_byAnother_isAnotherAllowance() {
    for (int i = 0; i < 4; i++) {
      throttle.take("a");
    }

    assertThat(throttle.take("b")).isZero();
  }
}

package dev.athanor.processor.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,4", "4,8", "5,10", "2000000000,10"})
  void delay_withoutSpread_doublesUpToTheLimit(int failures, int seconds) {
    Backoff backoff = new Backoff(SECOND, Duration.ofSeconds(10), 0);

    assertThat(backoff.delay(failures, new Random(1))).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void delay_withSpread_staysWithinItsPart() {
    Backoff backoff = new Backoff(SECOND, SECOND, 0.25);
    Random random = new Random(7);

    for (int i = 0; i < 1_000; i++) {
      assertThat(backoff.delay(1, random)).isBetween(Duration.ofMillis(750), SECOND);
    }
  }

  @Test
  void construction_badValues_isRefused() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, SECOND, 0)).hasMessageContaining("first");
    assertThatThrownBy(() -> new Backoff(SECOND, Duration.ZERO, 0)).hasMessageContaining("limit");
    assertThatThrownBy(() -> new Backoff(SECOND, SECOND, Double.NaN))
        .hasMessageContaining("spread");
  }
}

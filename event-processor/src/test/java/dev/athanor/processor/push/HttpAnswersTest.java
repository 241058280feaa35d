package dev.athanor.processor.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HttpAnswersTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  @Test
  void retryAfter_secondsOrDate_isTheTimeUntilThen() {
    assertThat(HttpAnswers.retryAfter("7", NOW)).isEqualTo(Duration.ofSeconds(7));
    assertThat(HttpAnswers.retryAfter("Sat, 21 Nov 2026 10:02:00 GMT", NOW))
        .isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void retryAfter_nothingNonsenseOrPast_isZero() {
    assertThat(HttpAnswers.retryAfter(null, NOW)).isZero();
    assertThat(HttpAnswers.retryAfter("soon", NOW)).isZero();
    assertThat(HttpAnswers.retryAfter("Sat, 21 Nov 2026 09:00:00 GMT", NOW)).isZero();
  }

  @Test
  void retryAfter_tooLong_isAnHour() {
    assertThat(HttpAnswers.retryAfter("999999999", NOW)).isEqualTo(Duration.ofHours(1));
  }
}

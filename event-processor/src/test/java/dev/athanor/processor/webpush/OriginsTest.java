package dev.athanor.processor.webpush;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OriginsTest {
  private static final String A = "https://a.example";
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Origins origins = new Origins(new Random(1));

  @Test
  void ask_originThatAnswers_isAllowed() {
    assertThat(origins.ask(A, 0)).isEqualTo(new Origins.Leave(Duration.ZERO, 0));
    origins.answered(A);
    assertThat(origins.ask(A, 1).rest()).isZero();
  }

  @Test
  void failed_thoseWhoAskedSideBySide_countOnce() {
    Origins.Leave leave = origins.ask(A, 0);

    Duration rest = origins.failed(A, leave, Duration.ZERO, 0);
    assertThat(origins.failed(A, leave, Duration.ZERO, 10)).isEqualTo(rest.minusNanos(10));

    assertThat(origins.ask(A, 20)).isEqualTo(new Origins.Leave(rest.minusNanos(20), 1));
    assertThat(origins.ask("https://b.example", 20).rest()).isZero();
  }

  @Test
  void ask_afterTheRest_isAllowedOnceASecondUntilItAnswers() {
    long now = origins.failed(A, origins.ask(A, 0), Duration.ofSeconds(7), 0).toNanos();
    assertThat(now).isGreaterThan(7 * SECOND);

    Origins.Leave probe = origins.ask(A, now);
    assertThat(probe.rest()).isZero();
    assertThat(origins.ask(A, now).rest()).isEqualTo(Duration.ofSeconds(1));
    assertThat(origins.ask(A, now + SECOND).rest()).isZero();

    Duration longer = origins.failed(A, probe, Duration.ZERO, now + SECOND);
    assertThat(longer).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    assertThat(origins.ask(A, now + SECOND)).isEqualTo(new Origins.Leave(longer, 2));
    origins.answered(A);
    assertThat(origins.ask(A, now + SECOND).rest()).isZero();
  }

  @Test
  void failed_manyTimes_restsAMinuteAtMost() {
    long now = 0;
    Duration rest = Duration.ZERO;
    for (int i = 0; i < 50; i++) {
      rest = origins.failed(A, origins.ask(A, now), Duration.ZERO, now);
      now += rest.toNanos();
    }
    assertThat(rest).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
  }
}

package dev.athanor.otp.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final long MOMENT = 1_000;
  private static final long LONG_SLEEP = 1_000_000;

  private final Patience patience = new Patience(20_000);

  @Test
  void nanos_wokenSeldom_sleepsAtOnce() {
    for (int i = 0; i < 100; i++) {
      patience.slept(LONG_SLEEP);
    }
    assertThat(patience.nanos()).isZero();
  }

  @Test
  void nanos_wokenAMomentAfterItFellAsleep_looksOut() {
    assertThat(patience.nanos()).isZero();
    patience.slept(MOMENT);
    assertThat(patience.nanos()).isEqualTo(20_000);
  }

  @Test
  void nanos_itPaidOftenAndFailsForGood_looksOutFourTimesMore() {
    patience.slept(MOMENT);
    for (int i = 0; i < 100; i++) {
      patience.paid();
    }
    int more = 0;
    while (patience.nanos() > 0) {
      patience.failed();
      more++;
    }
    assertThat(more).isEqualTo(4);
  }

  @Test
  void nanos_shortSleepsButLookingOutIsInVain_triesMoreAndMoreSeldom() {
    int tries = 0;
    for (int sleeps = 0; sleeps < 6_400; sleeps++) {
      patience.slept(MOMENT);
      if (patience.nanos() > 0) {
        tries++;
        patience.failed();
      }
    }
    assertThat(tries).isBetween(100, 110);
  }

  @Test
  void nanos_patienceOfZero_neverLooksOut() {
    Patience none = new Patience(0);
    none.slept(0);
    assertThat(none.nanos()).isZero();
  }
}

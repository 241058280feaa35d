package dev.athanor.otp.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.testing.Seeds;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/// Random trees, random crashes, random interleavings: what must hold of every tree at every step.
class SupervisionTreePropertyTest {
  private static final Duration BUDGET = Duration.ofSeconds(4);

  @Test
  void tree_workersCrash_orderIntensityNoOrphanAndAnOrderlyEnd(TestReporter reporter) {
    int tried = Seeds.within(BUDGET, seed -> new Forest(seed, false).live());
    reporter.publishEntry("seeds", Integer.toString(tried));
    assertThat(tried).isPositive();
  }

  @Test
  void tree_supervisorsAreKilledToo_orderIntensityNoOrphan(TestReporter reporter) {
    int tried = Seeds.within(BUDGET, seed -> new Forest(seed, true).live());
    reporter.publishEntry("seeds", Integer.toString(tried));
    assertThat(tried).isPositive();
  }

  @Test
  void tree_sameSeed_sameRun() {
    for (long seed = 1; seed <= 20; seed++) {
      Forest first = new Forest(seed, true);
      first.live();
      Forest second = new Forest(seed, true);
      second.live();
      assertThat(second.scheduler.turns()).isEqualTo(first.scheduler.turns());
      assertThat(second.scheduler.nanoTime()).isEqualTo(first.scheduler.nanoTime());
      assertThat(second.members).hasSameSizeAs(first.members);
    }
  }
}

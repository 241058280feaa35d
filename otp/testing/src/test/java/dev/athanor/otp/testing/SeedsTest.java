package dev.athanor.otp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeedsTest {
  private final String before = System.getProperty("athanor.seed");

  @AfterEach
  void restore() {
    if (before == null) {
      System.clearProperty("athanor.seed");
    } else {
      System.setProperty("athanor.seed", before);
    }
  }

  @Test
  void times_propertyHolds_everySeedOnce() {
    System.clearProperty("athanor.seed");
    List<Long> tried = new ArrayList<>();
    Seeds.times(3, tried::add);
    assertThat(tried).containsExactly(1L, 2L, 3L);
    assertThat(Seeds.within(Duration.ZERO, tried::add)).isEqualTo(1);
  }

  @Test
  void times_broken_namesTheSeedAndHowToRepeatIt() {
    System.clearProperty("athanor.seed");
    assertThatThrownBy(
            () ->
                Seeds.times(
                    10,
                    seed -> {
                      if (seed == 4) {
                        throw new IllegalStateException("four");
                      }
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("seed 4")
        .hasMessageContaining("-Dathanor.seed=4")
        .hasMessageContaining("four");
  }

  @Test
  void times_oneSeedWanted_onlyThat() {
    System.setProperty("athanor.seed", "4711");
    List<Long> tried = new ArrayList<>();
    Seeds.times(3, tried::add);
    assertThat(tried).containsExactly(4711L);
    assertThat(Seeds.within(Duration.ofHours(1), tried::add)).isEqualTo(1);
  }
}

package dev.athanor.perf.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionsTest {
  private static final Map<String, String> DEFAULTS = Map.of("readers", "100");

  @Test
  void number_nothingGiven_isTheDefault() {
    assertThat(Options.of(new String[0], DEFAULTS).number("readers", 1, 1000)).isEqualTo(100);
  }

  @Test
  void of_unknownName_isRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Options.of(new String[] {"--raeders", "5"}, DEFAULTS))
        .hasMessage("expected one of --readers, got --raeders");
  }

  @Test
  void number_outOfBounds_isRefused() {
    Options options = Options.of(new String[] {"--readers", "0"}, DEFAULTS);
    assertThatThrownBy(() -> options.number("readers", 1, 1000))
        .hasMessage("--readers: expected a whole number from 1 to 1000, got 0");
  }
}

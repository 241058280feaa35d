package dev.athanor.otp.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.ExitReason;
import org.junit.jupiter.api.Test;

class StartResultTest {
  @Test
  void orThrow_failedStart_saysWhy() {
    assertThatThrownBy(() -> new StartResult.Failed<String>(ExitReason.of("boom")).orThrow())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("boom");
  }
}

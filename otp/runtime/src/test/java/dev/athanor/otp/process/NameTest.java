package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NameTest {
  private static final List<String> STREAMS = List.of("football", "tennis", "motorsport");

  @Test
  void nearest_typingErrors_areFound() {
    assertThat(Name.nearest("fotball", STREAMS)).isEqualTo("football");
    assertThat(Name.nearest("Tenins", STREAMS)).isEqualTo("tennis");
    assertThat(Name.nearest("motorsports", STREAMS)).isEqualTo("motorsport");
  }

  @Test
  void nearest_nothingNear_isNull() {
    assertThat(Name.nearest("chess", STREAMS)).isNull();
    assertThat(Name.nearest("", STREAMS)).isNull();
    assertThat(Name.nearest("football", List.of())).isNull();
  }
}

package dev.athanor.perf.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/**
 * The meter must see what it is there to see: frames that never come, and frames that come twice.
 */
class DeliveryMeterTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void measure_everyFrameArrivesOnce_isWellAndCleansUp() throws Exception {
    try (StandIn server = new StandIn(StandIn.Fault.NONE)) {
      assertThat(measure(server, "0")).isTrue();
      assertThat(server.withdrawn()).isEqualTo(5);
      assertThat(printed.toString(UTF_8))
          .contains("5 stories to 20 readers: 100 frames, 0 lost, 0 repeated")
          .contains("| publish answered to frame received |");
    }
  }

  @Test
  void measure_aReaderGetsNothing_fails() throws Exception {
    try (StandIn server = new StandIn(StandIn.Fault.ONE_READER_LEFT_OUT)) {
      assertThat(measure(server, "0")).isFalse();
      assertThat(printed.toString(UTF_8)).contains("95 frames, 5 lost");
    }
  }

  @Test
  void measure_framesComeTwice_fails() throws Exception {
    try (StandIn server = new StandIn(StandIn.Fault.EVERY_FRAME_TWICE)) {
      assertThat(measure(server, "0")).isFalse();
    }
  }

  @Test
  void measure_joinRefused_saysSo() throws Exception {
    try (StandIn server = new StandIn(StandIn.Fault.JOINS_REFUSED)) {
      assertThatThrownBy(() -> measure(server, "0"))
          .hasMessageContaining("the join of stream:football was refused");
    }
  }

  private boolean measure(StandIn server, String warmup) throws Exception {
    return DeliveryMeter.measure(
        new Output(new PrintStream(printed, true, UTF_8)),
        "--url",
        server.url(),
        "--readers",
        "20",
        "--posts",
        "5",
        "--rate",
        "100",
        "--wait",
        "1",
        "--password",
        "secret",
        "--warmup",
        warmup);
  }
}

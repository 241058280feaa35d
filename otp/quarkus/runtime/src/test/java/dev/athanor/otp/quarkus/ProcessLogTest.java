package dev.athanor.otp.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.telemetry.Event;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessLogTest {
  @Test
  void line_deadLetters_theFirstWithTheirMessageThenTheirNumber() {
    assertThat(
            ProcessLog.line(
                new Event(
                    "athanor.process.dead_letters",
                    Map.of("count", 1L),
                    Map.of("receiver", "#Pid<0.7>", "message", "hello"))))
        .isEqualTo("message to #Pid<0.7>, which is dead: hello");
    assertThat(
            ProcessLog.line(
                new Event("athanor.process.dead_letters", Map.of("count", 95L), Map.of())))
        .isEqualTo("95 more messages to dead processes");
  }

  @Test
  void line_loopHeld_whoWhereAndTheStack() {
    StackTraceElement frame = new StackTraceElement("com.acme.Shop", "handleCall", "Shop.java", 7);
    assertThat(
            ProcessLog.line(
                new Event(
                    "athanor.process.loop_held",
                    Map.of("held", 120_000_000L, "allowed", 100_000_000L),
                    Map.of(
                        "pid", "#Pid<0.7>",
                        "behavior", "com.acme.Shop",
                        "callback", "handleCall",
                        "thread", "loop-1",
                        "stack", List.of(frame)))))
        .startsWith("#Pid<0.7> holds the event loop loop-1 for over 120 ms in com.acme.Shop")
        .contains("Kind.VIRTUAL_THREAD")
        .endsWith("at com.acme.Shop.handleCall(Shop.java:7)");
  }

  @Test
  void line_anythingElse_none() {
    assertThat(ProcessLog.line(Event.of("athanor.process.exited", Map.of()))).isNull();
  }
}

package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.Node.MutableMessages;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.telemetry.Event;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

@SuppressWarnings({
  "ArrayRecordComponent",
  "JavaUtilDate",
  "UnnecessaryStringBuilder"
}) // on purpose
class MessageTypesTest {
  record Plain(String text, List<String> tags, Map<String, Integer> counts) {}

  record Bytes(String name, byte[] bytes) {}

  record Around(int n, Bytes inner) {}

  record Chain(String text, Chain next) {}

  static final List<Object> IMMUTABLE =
      List.of(
          "text",
          1L,
          new Plain("a", List.of(), Map.of()),
          new Chain("a", null),
          List.of(1),
          Map.of(1, 2),
          Collections.emptyList(),
          Collections.unmodifiableList(new ArrayList<>()),
          Thread.State.NEW);

  static final List<Object> MUTABLE =
      List.of(
          new int[1],
          new ArrayList<>(),
          new HashMap<>(),
          java.util.Arrays.asList(1, 2),
          new Date(),
          new StringBuilder(),
          ByteBuffer.allocate(1),
          new AtomicLong(),
          new Bytes("a", new byte[1]),
          new Around(1, new Bytes("a", new byte[1])));

  private final DeterministicScheduler scheduler = new DeterministicScheduler();

  private Node node(MutableMessages policy) {
    return Node.builder(scheduler).mutableMessages(policy).build();
  }

  private static Pid<Object> sink(Node node) {
    return node.spawn((self, message) -> {});
  }

  @ParameterizedTest
  @FieldSource("IMMUTABLE")
  void send_immutable_accepted(Object message) {
    assertThat(sink(node(MutableMessages.REFUSE)).trySend(message)).isEqualTo(Pid.Outcome.SENT);
  }

  @ParameterizedTest
  @FieldSource("MUTABLE")
  void send_mutableWhereRefused_tellsWhatAndHowToMend(Object message) {
    Pid<Object> pid = sink(node(MutableMessages.REFUSE));
    assertThatThrownBy(() -> pid.send(message))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message.getClass().getTypeName())
        .hasMessageContaining("must be immutable")
        .hasMessageContaining("List.copyOf");
  }

  @Test
  void send_recordWithAnArray_namesTheComponent() {
    Pid<Object> pid = sink(node(MutableMessages.REFUSE));
    assertThatThrownBy(() -> pid.send(new Around(1, new Bytes("a", new byte[1]))))
        .hasMessageContaining("component inner")
        .hasMessageContaining("component bytes (byte[]) is an array");
  }

  @Test
  void cast_mutable_looksInsideTheCast() {
    Pid<Object> pid = sink(node(MutableMessages.REFUSE));
    assertThatThrownBy(() -> GenServer.cast(pid, new int[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void send_mutableWhereReported_oneEventForEachClass() {
    Node node = node(MutableMessages.REPORT);
    List<Event> events = new ArrayList<>();
    node.telemetry().attach("test", "athanor.process.mutable_message", events::add);
    Pid<Object> pid = sink(node);
    for (int i = 0; i < 10; i++) {
      pid.send(new Date());
      pid.send(new int[i]);
    }
    assertThat(events)
        .<Object>extracting(event -> event.metadata().get("type"))
        .containsExactly(Date.class, int[].class);
  }

  @Test
  void send_mutableWhereIgnored_accepted() {
    assertThat(sink(Node.on(scheduler)).trySend(new int[1])).isEqualTo(Pid.Outcome.SENT);
  }
}

package dev.athanor.otp.channels.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.channels.Answer;
import dev.athanor.otp.channels.Endpoint;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.testing.TestChannel;
import dev.athanor.otp.channels.testing.TestSocket;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.testing.DeterministicScheduler;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/// Annotated methods in the place of callbacks.
class TypedChannelTest {
  private static final List<ExitReason> LEFT = new ArrayList<>();

  record Seat(int row, String name) {}

  record Entry(String text) {}

  record Written(int count) {}

  sealed interface Note {
    record Brief(String text) implements Note {}

    record Lengthy(String text) implements Note {}
  }

  static final class GuestbookChannel extends TypedChannel {
    private int count;

    @OnJoin
    Object join(Seat seat, String topic) {
      return switch (seat.row()) {
        case 0 -> JoinResult.refuse(Payload.of(Map.of("reason", "standing")));
        case 1 -> CompletableFuture.completedFuture(new Entry("later " + topic));
        default -> new Entry(seat.name() + " in " + subtopic());
      };
    }

    @OnMessage("write")
    Written write(Entry entry) {
      broadcast("entry", entry);
      return new Written(++count);
    }

    @OnMessage("quiet")
    void quiet() {
      count++;
    }

    @OnMessage("raw")
    Answer raw(Payload payload) {
      return Answer.error(payload);
    }

    @OnMessage("stage")
    CompletionStage<Written> stage() {
      return CompletableFuture.completedFuture(new Written(count));
    }

    @OnMessage("uni")
    Uni<Void> uni() {
      return Uni.createFrom().voidItem();
    }

    @OnMessage("crash")
    Written crash() throws Exception {
      if (count == 0) {
        throw new Exception("as asked");
      }
      return new Written(count);
    }

    @OnBroadcast("secret")
    void hide(Entry entry) {
      push("secret", new Entry("*".repeat(entry.text().length())));
    }

    @OnInfo
    void any(Note note) {
      push("note", Map.of("kind", "any"));
    }

    @OnInfo
    void special(Note.Brief note) {
      push("note", Map.of("kind", "short"));
    }

    @OnLeave
    void left(ExitReason reason) {
      LEFT.add(reason);
    }
  }

  private final Node node = Node.on(new DeterministicScheduler());
  private final Endpoint endpoint =
      Endpoint.builder(node, new PubSub(node)).channel("book:*", GuestbookChannel::new).build();

  @Test
  void methods_everyKind_isCalledWithItsType() {
    try (TestSocket socket = TestSocket.connect(endpoint)) {
      TestChannel book = socket.subscribeAndJoin("book:june", new Seat(7, "Ada"));
      assertThat(book.response()).isEqualTo(Payload.of(new Entry("Ada in june")));

      book.push("write", new Entry("hi")).assertReply("ok", new Written(1));
      book.assertPush("entry", new Entry("hi"));
      book.push("quiet").refuteReply();
      book.push("raw", Map.of("x", 1)).assertReply("error", Map.of("x", 1));
      book.push("stage").assertReply("ok", new Written(2));
      book.push("uni").assertReply("ok");
      book.broadcastFrom("secret", new Entry("four"));
      book.assertPush("secret", new Entry("****"));
      book.send(new Note.Brief("x"));
      book.assertPush("note", Map.of("kind", "short"));
      book.send(new Note.Lengthy("x"));
      book.assertPush("note", Map.of("kind", "any"));
      book.send("nobody's");

      LEFT.clear();
      book.leave().assertReply("ok");
      book.assertClosed();
      assertThat(LEFT).containsExactly(ExitReason.shutdown("left"));
    }
  }

  @Test
  void join_everyResult_isAnswered() {
    try (TestSocket socket = TestSocket.connect(endpoint)) {
      assertThat(socket.assertJoinRefused("book:june", new Seat(0, "")).json().toString())
          .contains("standing");
      assertThat(socket.subscribeAndJoin("book:may", new Seat(1, "")).response())
          .isEqualTo(Payload.of(new Entry("later book:may")));
      assertThat(socket.assertJoinRefused("book:july", Map.of("row", "x")).json().toString())
          .isEqualTo("{\"reason\":\"bad payload\",\"field\":\"row\",\"expected\":\"int\"}");
    }
  }

  @Test
  void payload_thatDoesNotFit_isAnErrorAndNoCrash() {
    try (TestSocket socket = TestSocket.connect(endpoint)) {
      TestChannel book = socket.subscribeAndJoin("book:june", new Seat(7, "Ada"));
      book.push("write", Map.of("txt", "hi"))
          .assertReply(
              "error",
              Map.of("reason", "bad payload", "field", "txt", "expected", "one of [text]"));
      book.push("write", Payload.binary(new byte[] {1})).assertReply("error");
      book.push("write", new Entry("hi")).assertReply("ok", new Written(1));
    }
  }

  interface Other {}

  record Special(String text) implements Remark {}

  record Only(String text) implements Remark {}

  interface Remark {}

  /// By their names the special type's method comes first, an unrelated one's between.
  static final class InfoChannel extends TypedChannel {
    @OnJoin
    void join() {}

    @OnInfo
    void a(Special note) {
      push("note", Map.of("kind", "special"));
    }

    @OnInfo
    void b(Other note) {
      push("note", Map.of("kind", "other"));
    }

    @OnInfo
    void c(Remark note) {
      push("note", Map.of("kind", "any"));
    }
  }

  @Test
  void info_ofSeveralTypesThatFit_goesToTheMostSpecial() {
    Endpoint infos =
        Endpoint.builder(node, new PubSub(node)).channel("info", InfoChannel::new).build();
    try (TestSocket socket = TestSocket.connect(infos)) {
      TestChannel channel = socket.subscribeAndJoin("info");
      channel.send(new Special("x"));
      channel.assertPush("note", Map.of("kind", "special"));
      channel.send(new Only("x"));
      channel.assertPush("note", Map.of("kind", "any"));
      channel.send(new Other() {});
      channel.assertPush("note", Map.of("kind", "other"));
    }
  }

  @Test
  void payload_beyondJacksonsLimits_isAnErrorAndNoCrash() {
    try (TestSocket socket = TestSocket.connect(endpoint)) {
      byte[] number = ("{\"row\":1" + "0".repeat(2_000) + "}").getBytes(StandardCharsets.UTF_8);
      assertThat(socket.assertJoinRefused("book:may", Payload.json(number)).json().toString())
          .contains("bad payload");
      TestChannel book = socket.subscribeAndJoin("book:june", new Seat(7, "Ada"));
      book.push("write", Payload.json(number))
          .assertReply("error", Map.of("reason", "bad payload"));
      book.push("write", new Entry("hi")).assertReply("ok", new Written(1));
    }
  }

  @Test
  void method_thatThrowsOrIsMissing_endsTheChannel() {
    try (TestSocket socket = TestSocket.connect(endpoint)) {
      socket.subscribeAndJoin("book:june", new Seat(7, "Ada")).push("crash");
      TestChannel other = socket.subscribeAndJoin("book:may", new Seat(7, "Bob"));
      other.push("writ");
      other.assertCrashed();
      assertThatThrownBy(() -> other.assertPush("x"))
          .hasMessageContaining("as asked")
          .hasMessageContaining("got 'writ'");
    }
  }

  static class Wrong extends TypedChannel {
    @OnMessage("a")
    void first(int number) {}

    @OnMessage("a")
    void second(Entry one, Entry two) {}

    @OnMessage("phx_x")
    JoinResult third(List<String> names) {
      return JoinResult.ok();
    }

    @OnInfo
    String fourth(Object message) {
      return "";
    }

    @OnLeave
    void fifth(String reason) {}

    @OnInfo
    @OnMessage("b")
    void sixth(Entry entry) {}

    @OnJoin
    static void seventh() {}

    @OnBroadcast("c")
    int eighth() {
      return 0;
    }
  }

  static class Joinless extends TypedChannel {}

  @Test
  void check_wrongMethods_saysWhatWasExpectedAndGot() {
    String name = Wrong.class.getName();
    assertThat(TypedChannel.check(Wrong.class))
        .contains(
            name
                + ".second (@OnMessage): expected no parameter or one, the payload, got ("
                + Entry.class.getName()
                + ", "
                + Entry.class.getName()
                + ")",
            name
                + ".second (@OnMessage): expected one method for the event 'a', got a second"
                + " beside first",
            name
                + ".fourth (@OnInfo): expected the return type void, got the return type class"
                + " java.lang.String",
            name
                + ".fifth (@OnLeave): expected an ExitReason or no parameter, got"
                + " (java.lang.String)",
            name + ".seventh (@OnJoin): expected a method of the instance, got a static one")
        .anyMatch(line -> line.contains(".first") && line.contains("got (int)"))
        .anyMatch(line -> line.contains(".third") && line.contains("'phx_x'"))
        .anyMatch(line -> line.contains(".third") && line.contains("without type parameters"))
        .anyMatch(line -> line.contains(".sixth") && line.contains("expected one annotation"))
        .anyMatch(line -> line.contains(".eighth") && line.contains("return type int"));
    assertThat(TypedChannel.check(Joinless.class))
        .containsExactly(Joinless.class.getName() + ": expected one method with @OnJoin, got none");
    assertThat(TypedChannel.check(GuestbookChannel.class)).isEmpty();
    assertThat(TypedChannel.payloads(GuestbookChannel.class))
        .contains(Seat.class, Entry.class, Written.class);
    assertThatThrownBy(Joinless::new).hasMessageContaining("expected one method with @OnJoin");
  }
}

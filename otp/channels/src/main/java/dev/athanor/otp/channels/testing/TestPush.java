package dev.athanor.otp.channels.testing;

import dev.athanor.otp.channels.wire.Payload;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A message the client sent, and where the reply to it is awaited.
public final class TestPush {
  private final TestSocket socket;
  private final String topic;
  private final String event;
  private final String ref;
  private final Consumer<Payload> replied;

  TestPush(TestSocket socket, String topic, String event, String ref, Consumer<Payload> replied) {
    this.socket = socket;
    this.topic = topic;
    this.event = event;
    this.ref = ref;
    this.replied = replied;
  }

  /// Waits for the reply.
  ///
  /// @param status `ok`, `error` or a word of the channel's own
  /// @return what it carries
  /// @throws AssertionError when none comes, or one of another status
  public Payload assertReply(String status) {
    return expect(status, null);
  }

  /// Waits for the reply (`assert_reply/4`).
  ///
  /// @param status `ok`, `error` or a word of the channel's own
  /// @param pattern what its payload must fit: of an object the fields named, else all of it
  /// @return what it carries
  /// @throws AssertionError when none comes, or another one
  public Payload assertReply(String status, Object pattern) {
    return expect(status, Matching.payload(pattern));
  }

  private Payload expect(String status, @Nullable Payload pattern) {
    Payload payload =
        socket
            .expect(
                "the reply \"%s\" to \"%s\" (%s) on %s".formatted(status, event, ref, topic),
                isReply().and(each -> status.equals(each.status())),
                "phx_reply",
                pattern)
            .payload();
    replied.accept(payload);
    return payload;
  }

  /// Makes sure that no reply comes, whatever its status (`refute_reply/4`).
  ///
  /// @throws AssertionError when one comes
  public void refuteReply() {
    socket.refute("no reply to \"%s\" (%s) on %s".formatted(event, ref, topic), isReply());
  }

  private Predicate<Received> isReply() {
    return each ->
        each.kind() == Received.Kind.REPLY && each.topic().equals(topic) && ref.equals(each.ref());
  }
}

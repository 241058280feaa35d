package dev.athanor.otp.channels;

import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.wire.Message;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What comes for a channel whose join is not answered yet, in order. Its weight counts against the
/// connection. Confined to the event loop.
final class Waiting {
  /// What an entry weighs without its payload.
  private static final int EACH = 100;

  private final Session session;
  private final ArrayDeque<Object> messages = new ArrayDeque<>(2);

  Waiting(Session session) {
    this.session = session;
  }

  void add(Object message) {
    messages.add(message);
    session.waitingBytes += weight(message);
  }

  @Nullable Object poll() {
    Object first = messages.poll();
    if (first != null) {
      session.waitingBytes -= weight(first);
    }
    return first;
  }

  void drop() {
    messages.forEach(each -> session.waitingBytes -= weight(each));
    messages.clear();
  }

  private static int weight(Object message) {
    return switch (message) {
      case Message in -> {
        int ref = in.ref() == null ? 0 : in.ref().length();
        yield EACH + in.topic().length() + in.event().length() + ref + in.payload().size();
      }
      case Broadcast out -> EACH + out.payload().size();
      case Resume.Numbered out -> EACH + out.event().payload().size();
      default -> EACH;
    };
  }
}

package dev.athanor.otp.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.pubsub.Missed;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.wire.Payload;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a channel keeps for a client that asked to resume: where its live events begin and, until
/// the join is answered, what it missed before that. Nobody else's channel has one.
///
/// A client asks with `resume` among the params of its join: `true` or an empty object to begin
/// with, `{"epoch": ..., "offset": ...}` when it comes back.
final class Resume {
  /// An event of a kept topic on its way through a mailbox.
  record Numbered(Broadcast event, long offset) {}

  private Missed missed;

  /// The number of the intercepted event that is handled, which its pushes carry; 0 for none.
  long handling;

  private Resume(Missed missed) {
    this.missed = missed;
  }

  /// Null when the client did not ask, or the topic is not kept. To be called when the channel has
  /// subscribed.
  static @Nullable Resume asked(PubSub pubSub, String topic, Payload params, int mostBytes) {
    JsonNode wish = pubSub.isKept(topic) ? wish(params) : null;
    if (wish == null) {
      return null;
    }
    String epoch = wish.path("epoch").isTextual() ? wish.path("epoch").asText() : null;
    long offset = Math.max(0, wish.path("offset").asLong());
    Missed missed = pubSub.missed(topic, epoch, offset);
    return missed == null ? null : new Resume(fitting(missed, mostBytes));
  }

  private static @Nullable JsonNode wish(Payload params) {
    if (params.isBinary()) {
      return null;
    }
    try {
      JsonNode wish = params.json().path("resume");
      return wish.isObject() || wish.asBoolean() ? wish : null;
    } catch (UncheckedIOException tooDeep) {
      return null;
    }
  }

  /// What would end the connection as a slow reader's is as good as lost.
  private static Missed fitting(Missed missed, int mostBytes) {
    long bytes = 0;
    for (Broadcast event : missed.events()) {
      bytes += event.payload().size() + event.topic().length() + event.event().length() + 40L;
    }
    return bytes > mostBytes ? missed.lost() : missed;
  }

  boolean recovered() {
    return missed.recovered();
  }

  /// Whether a live event was not among what was missed.
  boolean isNew(long offset) {
    return offset > missed.offset();
  }

  /// What the client is told right after the answer to its join.
  Payload state() {
    return Payload.of(
        Map.of("epoch", missed.epoch(), "offset", missed.from(), "recovered", missed.recovered()));
  }

  /// Hands over what was missed, once.
  Missed take() {
    Missed taken = missed;
    missed = new Missed(taken.epoch(), taken.offset(), taken.recovered(), java.util.List.of());
    return taken;
  }
}

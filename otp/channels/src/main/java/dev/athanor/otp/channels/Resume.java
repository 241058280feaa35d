package dev.athanor.otp.channels;

import com.fasterxml.jackson.databind.JsonNode;
import dev.athanor.otp.channels.pubsub.Broadcast;
import dev.athanor.otp.channels.pubsub.Missed;
import dev.athanor.otp.channels.pubsub.PubSub;
import dev.athanor.otp.channels.wire.Payload;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a channel keeps for a client that asked to resume: its wish and, once the join is answered,
/// where its live events begin. Nobody else's channel has one.
///
/// A client asks with `resume` among the params of its join: `true` or an empty object to begin
/// with, `{"epoch": ..., "offset": ...}` when it comes back. The history of a topic is made when a
/// join to it is accepted, not when a client names it: what is broadcast before waits with its
/// number, and is told from what was missed by that.
final class Resume {
  /// An event of a kept topic on its way through a mailbox, or waiting for the join.
  record Numbered(Broadcast event, long offset) {}

  private final @Nullable String epoch;
  private final long offset;
  private @Nullable Missed missed;

  /// The number of the intercepted event that is handled, which its pushes carry; 0 for none.
  long handling;

  private Resume(@Nullable String epoch, long offset) {
    this.epoch = epoch;
    this.offset = offset;
  }

  /// Null when the client did not ask, or the topic is not kept.
  static @Nullable Resume asked(PubSub pubSub, String topic, Payload params) {
    JsonNode wish = pubSub.isKept(topic) ? wish(params) : null;
    if (wish == null) {
      return null;
    }
    String epoch = wish.path("epoch").isTextual() ? wish.path("epoch").asText() : null;
    return new Resume(epoch, Math.max(0, wish.path("offset").asLong()));
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

  /// Whether the client will have all it missed. Asked before the join is accepted this is the
  /// moment up to which events are missed, and makes no history where there is none.
  boolean recovered(PubSub pubSub, String topic, int mostBytes) {
    if (missed == null && epoch != null) {
      Missed known = pubSub.missedIfKnown(topic, epoch, offset);
      missed = known == null ? null : fitting(known, mostBytes);
    }
    return missed != null && missed.recovered();
  }

  /// The join is accepted, and the channel has subscribed: what was before this moment is missed,
  /// what comes after it is live.
  void begin(PubSub pubSub, String topic, int mostBytes) {
    if (missed == null) {
      missed = fitting(Objects.requireNonNull(pubSub.missed(topic, epoch, offset)), mostBytes);
    }
  }

  /// Whether a live event was not among what was missed.
  boolean isNew(long number) {
    return missed != null && number > missed.offset();
  }

  /// What the client is told right after the answer to its join.
  Payload state() {
    Missed begun = Objects.requireNonNull(missed);
    return Payload.of(
        Map.of("epoch", begun.epoch(), "offset", begun.from(), "recovered", begun.recovered()));
  }

  /// Hands over what was missed, once.
  Missed take() {
    Missed taken = Objects.requireNonNull(missed);
    missed = new Missed(taken.epoch(), taken.offset(), taken.recovered(), List.of());
    return taken;
  }
}

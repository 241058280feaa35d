package dev.athanor.web.live;

import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.typed.OnJoin;
import dev.athanor.otp.channels.typed.TypedChannel;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.quarkus.channels.ChannelTopic;
import dev.athanor.web.KnownMatches;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.util.Map;

/// A reader's channel of one match (`game:{id}`): the match as it stands with the join, then an
/// event for each moment that carries the match after it. It only tells.
///
/// The channel is subscribed before the match is read, so a moment is in the answer to the join, or
/// comes as an event, or both; `step` tells: an event whose step is not above the reader's brings
/// nothing new. Joining a match that does not exist is refused with `{"reason":"unknown match"}`.
@ChannelTopic(Topics.GAME + "*")
final class GameChannel extends TypedChannel {
  private final KnownMatches matches;

  @Inject
  GameChannel(KnownMatches matches) {
    this.matches = matches;
  }

  @OnJoin
  Uni<JoinResult> join() {
    return matches
        .find(subtopic())
        .map(
            found ->
                found == null
                    ? JoinResult.refuse(Payload.of(Map.of("reason", "unknown match")))
                    : JoinResult.ok(found.json()));
  }
}

package dev.athanor.web.live;

import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.typed.OnJoin;
import dev.athanor.otp.channels.typed.TypedChannel;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.quarkus.channels.ChannelTopic;
import dev.athanor.web.KnownStreams;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.util.Map;

/// A reader's channel of one stream (`stream:{slug}`). It only tells: what a reader sends is an
/// unknown event. Joining a stream that does not exist is refused with `{"reason":"unknown
/// stream","stream":slug}`.
@ChannelTopic(Topics.STREAM + "*")
final class StreamChannel extends TypedChannel {
  private final KnownStreams streams;

  @Inject
  StreamChannel(KnownStreams streams) {
    this.streams = streams;
  }

  @OnJoin
  Uni<JoinResult> join() {
    String slug = subtopic();
    return streams.find(slug).map(found -> found == null ? refused(slug) : JoinResult.ok());
  }

  private static JoinResult refused(String slug) {
    return JoinResult.refuse(Payload.of(Map.of("reason", "unknown stream", "stream", slug)));
  }
}

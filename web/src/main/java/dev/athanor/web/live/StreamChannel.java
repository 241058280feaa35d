package dev.athanor.web.live;

import dev.athanor.otp.channels.Channel;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.web.KnownStreams;
import java.util.Map;

/// A reader's channel of one stream (`stream:{slug}`). It only tells: what a reader sends is an
/// unknown event. Joining a stream that does not exist is refused with `{"reason":"unknown
/// stream","stream":slug}`.
final class StreamChannel extends Channel {
  private final KnownStreams streams;

  StreamChannel(KnownStreams streams) {
    this.streams = streams;
  }

  @Override
  protected JoinResult onJoin(String topic, Payload params) {
    String slug = topic.substring(Topics.STREAM.length());
    return JoinResult.later(
        streams
            .find(slug)
            .map(found -> found == null ? refused(slug) : JoinResult.ok())
            .subscribeAsCompletionStage());
  }

  private static JoinResult refused(String slug) {
    return JoinResult.refuse(Payload.of(Map.of("reason", "unknown stream", "stream", slug)));
  }
}

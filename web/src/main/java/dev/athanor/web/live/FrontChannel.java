package dev.athanor.web.live;

import dev.athanor.otp.channels.typed.OnJoin;
import dev.athanor.otp.channels.typed.TypedChannel;
import dev.athanor.otp.quarkus.channels.ChannelTopic;

/// A reader's channel of everything that is published: each post once. It only tells.
@ChannelTopic(Topics.FRONT)
final class FrontChannel extends TypedChannel {
  @OnJoin
  void join() {}
}

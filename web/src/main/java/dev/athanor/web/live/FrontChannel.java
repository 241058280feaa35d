package dev.athanor.web.live;

import dev.athanor.otp.channels.Channel;
import dev.athanor.otp.channels.JoinResult;
import dev.athanor.otp.channels.wire.Payload;

/// A reader's channel of everything that is published: each post once. It only tells.
final class FrontChannel extends Channel {
  @Override
  protected JoinResult onJoin(String topic, Payload params) {
    return JoinResult.ok();
  }
}

package dev.athanor.otp.channels;

import dev.athanor.otp.channels.wire.Payload;
import org.jspecify.annotations.Nullable;

/// Where a reply that comes later belongs (`socket_ref/1`). May be used from any thread, once;
/// replies after the end of the connection are dropped. So are those the client's protocol cannot
/// carry, plain bytes to version 1 for instance: the event `athanor.socket.unencodable` tells.
public final class ReplyRef {
  private final ChannelProcess process;
  private final @Nullable String ref;

  ReplyRef(ChannelProcess process, @Nullable String ref) {
    this.process = process;
    this.ref = ref;
  }

  /// Replies `ok`.
  ///
  /// @param payload what it carries
  public void ok(Payload payload) {
    reply("ok", payload);
  }

  /// Replies `error`.
  ///
  /// @param payload what it carries
  public void error(Payload payload) {
    reply("error", payload);
  }

  /// Replies.
  ///
  /// @param status `ok`, `error` or a word of the channel's own
  /// @param payload what it carries
  public void reply(String status, Payload payload) {
    process.reply(ref, status, payload);
  }
}

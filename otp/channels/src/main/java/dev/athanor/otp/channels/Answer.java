package dev.athanor.otp.channels;

import dev.athanor.otp.channels.wire.Payload;
import dev.athanor.otp.process.ExitReason;
import java.util.concurrent.CompletionStage;

/// What a channel says to a message of its client (the return values of `handle_in/3`).
public sealed interface Answer {
  /// A reply: the client's push receives this status.
  ///
  /// @param status `ok`, `error` or a word of the channel's own
  /// @param payload what it carries
  record Reply(String status, Payload payload) implements Answer {}

  /// Nothing now; perhaps later through a [ReplyRef].
  record None() implements Answer {}

  /// The end of the channel, after an answer.
  ///
  /// @param reason an orderly reason closes the channel, any other is an error to the client
  /// @param last what is answered before; not another stop
  record Stop(ExitReason reason, Answer last) implements Answer {
    /// Refuses a stop inside a stop.
    public Stop {
      if (!(last instanceof Reply) && !(last instanceof None)) {
        throw new IllegalArgumentException(
            "expected a reply or nothing before a stop, got " + last);
      }
    }
  }

  /// An answer that is known later; other messages are handled meanwhile.
  ///
  /// @param answer completes with it; a failure crashes the channel
  record Later(CompletionStage<? extends Answer> answer) implements Answer {}

  /// The reply `ok` with nothing in it.
  Answer OK = new Reply("ok", Payload.EMPTY);

  /// No reply.
  Answer NONE = new None();

  /// The reply `ok` with nothing in it.
  ///
  /// @return the answer
  static Answer ok() {
    return OK;
  }

  /// The reply `ok`.
  ///
  /// @param payload what it carries
  /// @return the answer
  static Answer ok(Payload payload) {
    return new Reply("ok", payload);
  }

  /// The reply `error`.
  ///
  /// @param payload what it carries
  /// @return the answer
  static Answer error(Payload payload) {
    return new Reply("error", payload);
  }

  /// No reply.
  ///
  /// @return the answer
  static Answer none() {
    return NONE;
  }

  /// The end of the channel without a reply.
  ///
  /// @param reason why
  /// @return the answer
  static Answer stop(ExitReason reason) {
    return new Stop(reason, NONE);
  }

  /// A reply and the end of the channel.
  ///
  /// @param reason why
  /// @param last the reply
  /// @return the answer
  static Answer stop(ExitReason reason, Answer last) {
    return new Stop(reason, last);
  }

  /// An answer that is known later.
  ///
  /// @param answer completes with it
  /// @return the answer
  static Answer later(CompletionStage<? extends Answer> answer) {
    return new Later(answer);
  }
}

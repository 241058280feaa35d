package dev.athanor.otp.channels;

import dev.athanor.otp.channels.wire.Payload;
import java.util.concurrent.CompletionStage;

/// What a channel says to a client that wants to join (the return values of `join/3`).
public sealed interface JoinResult {
  /// Welcome.
  ///
  /// @param response what the client receives with it, the state so far for instance
  record Joined(Payload response) implements JoinResult {}

  /// Not welcome; the channel ends and the client is told.
  ///
  /// @param response why
  record Refused(Payload response) implements JoinResult {}

  /// To be decided later, within the idle timeout. Messages and broadcasts that come meanwhile wait
  /// for the decision; when they weigh more than may wait for a slow reader, or the decision does
  /// not come, the join is refused.
  ///
  /// @param result completes with it; a failure is a crashed join
  record Later(CompletionStage<? extends JoinResult> result) implements JoinResult {}

  /// Welcome, with nothing to say.
  ///
  /// @return the result
  static JoinResult ok() {
    return new Joined(Payload.EMPTY);
  }

  /// Welcome.
  ///
  /// @param response what the client receives
  /// @return the result
  static JoinResult ok(Payload response) {
    return new Joined(response);
  }

  /// Not welcome.
  ///
  /// @param response why
  /// @return the result
  static JoinResult refuse(Payload response) {
    return new Refused(response);
  }

  /// To be decided later.
  ///
  /// @param result completes with it
  /// @return the result
  static JoinResult later(CompletionStage<? extends JoinResult> result) {
    return new Later(result);
  }
}

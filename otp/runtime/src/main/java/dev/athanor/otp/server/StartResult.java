package dev.athanor.otp.server;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;

/// The outcome of a start: `{ok, Pid}`, `ignore`, `{error, Reason}` or
/// `{error, {already_started, Pid}}`.
///
/// @param <M> the messages of the process
public sealed interface StartResult<M> {
  /// The process is up and its `init` has returned.
  ///
  /// @param pid the process
  /// @param <M> the messages of the process
  record Started<M>(Pid<M> pid) implements StartResult<M> {}

  /// `init` decided that there is nothing to do; there is no process.
  ///
  /// @param <M> the messages of the process
  record Ignored<M>() implements StartResult<M> {}

  /// The start failed; there is no process.
  ///
  /// @param reason why
  /// @param <M> the messages of the process
  record Failed<M>(ExitReason reason) implements StartResult<M> {}

  /// Somebody else has the name already.
  ///
  /// @param pid who
  /// @param <M> the messages of the process
  record AlreadyStarted<M>(Pid<?> pid) implements StartResult<M> {}

  /// The process, for callers to whom everything else is a failure.
  ///
  /// @return the process that was started
  /// @throws IllegalStateException when there is none
  default Pid<M> orThrow() {
    return switch (this) {
      case Started<M> started -> started.pid();
      case Ignored<M> _ -> throw new IllegalStateException("the start was ignored by init");
      case Failed<M> failed ->
          throw new IllegalStateException(
              "the start failed: " + failed.reason(),
              failed.reason() instanceof ExitReason.Crashed(Throwable cause) ? cause : null);
      case AlreadyStarted<M> other ->
          throw new IllegalStateException("already started as " + other.pid());
    };
  }
}

package dev.athanor.otp.server;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;

/// The server was not there, or ended before it replied.
public final class ServerDown extends CallFailed {
  private static final long serialVersionUID = 1L;

  private final transient ExitReason reason;

  /// For packages with requests of their own; calls make theirs themselves.
  ///
  /// @param server who was asked
  /// @param reason why it ended; [ExitReason.NoProcess] when it was gone before
  public ServerDown(Pid<?> server, ExitReason reason) {
    super(server, "call to " + server + " failed, the server is down: " + reason);
    this.reason = reason;
    if (reason instanceof ExitReason.Crashed(Throwable cause)) {
      initCause(cause);
    }
  }

  /// Why the server ended; [ExitReason.NoProcess] when it was gone before the call.
  ///
  /// @return the reason
  public ExitReason reason() {
    return reason;
  }
}

package dev.athanor.otp.server;

import dev.athanor.otp.process.Pid;
import java.time.Duration;

/// The server did not reply in time. It may still handle the request; its reply goes nowhere.
public final class CallTimeout extends CallFailed {
  private static final long serialVersionUID = 1L;

  /// For packages with requests of their own; calls make theirs themselves.
  ///
  /// @param server who was asked
  /// @param timeout how long it had time
  public CallTimeout(Pid<?> server, Duration timeout) {
    super(server, "call to " + server + " had no reply within " + timeout);
  }
}

package dev.athanor.otp.server;

import dev.athanor.otp.process.Pid;
import java.time.Duration;

/// The server did not reply in time. It may still handle the request; its reply goes nowhere.
public final class CallTimeout extends CallFailed {
  private static final long serialVersionUID = 1L;

  CallTimeout(Pid<?> server, Duration timeout) {
    super(server, "call to " + server + " had no reply within " + timeout);
  }
}

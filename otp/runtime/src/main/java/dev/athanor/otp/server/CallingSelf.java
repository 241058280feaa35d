package dev.athanor.otp.server;

import dev.athanor.otp.process.Pid;

/// A process called itself, which is a mistake as a rule: it could not answer before it is done
/// with what it is doing.
public final class CallingSelf extends CallFailed {
  private static final long serialVersionUID = 1L;

  /// For packages with requests of their own; calls make theirs themselves.
  ///
  /// @param server who asked itself
  public CallingSelf(Pid<?> server) {
    super(server, server + " called itself; cast to it, or use the function directly");
  }
}

package dev.athanor.otp.server;

import dev.athanor.otp.process.Pid;

/// A call had no reply. It carries the stack of a caller that blocked; an asynchronous call fails
/// without a stack, because the caller's is gone by then.
public abstract sealed class CallFailed extends RuntimeException
    permits ServerDown, CallTimeout, CallingSelf {
  private static final long serialVersionUID = 1L;

  private final transient Pid<?> server;

  CallFailed(Pid<?> server, String message) {
    super(message);
    this.server = server;
  }

  /// Who was called.
  ///
  /// @return the server
  public final Pid<?> server() {
    return server;
  }

  @Override
  public final synchronized Throwable fillInStackTrace() {
    return this;
  }

  final CallFailed here() {
    setStackTrace(Thread.currentThread().getStackTrace());
    return this;
  }
}

package dev.athanor.otp.server;

import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import org.jspecify.annotations.Nullable;

/// A call had no reply. It carries the stack of a caller that blocked; an asynchronous call fails
/// without a stack, because the caller's is gone by then.
public abstract sealed class CallFailed extends RuntimeException
    permits ServerDown, CallTimeout, CallingSelf, CallFailed.MailboxFull, CallFailed.UnknownName {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Pid<?> server;

  /// The server's mailbox is bounded and was full: the request was refused, or gave way to a newer
  /// one, and the server will not see it. A reason to slow down, see
  /// [dev.athanor.otp.process.SpawnOptions.Mailbox].
  public static final class MailboxFull extends CallFailed {
    private static final long serialVersionUID = 1L;

    MailboxFull(Pid<?> server, int limit) {
      super(
          server,
          "call to "
              + server
              + " was dropped, its mailbox is full ("
              + limit
              + " messages wait); call again later, or give it a larger limit");
    }
  }

  /// Nobody has the name that was called; the message says which similar name somebody has
  /// (`noproc` in OTP).
  public static final class UnknownName extends CallFailed {
    private static final long serialVersionUID = 1L;

    UnknownName(Name name, Node node) {
      super(null, "call failed: " + name.unknown(node));
    }
  }

  CallFailed(@Nullable Pid<?> server, String message) {
    super(message);
    this.server = server;
  }

  /// Who was called.
  ///
  /// @return the server; null when a name was called that nobody has
  public final @Nullable Pid<?> server() {
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

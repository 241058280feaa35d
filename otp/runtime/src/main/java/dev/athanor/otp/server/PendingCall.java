package dev.athanor.otp.server;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// One call: the message that travels to the server, the promise of the reply, and its timeout.
///
/// OTP monitors the server for the time of a call. Here the server's end reaches the call without a
/// monitor: a call that waits in its mailbox is [Pid.Undelivered], and one that was taken and not
/// answered is on the server's list of open calls.
final class PendingCall<R extends @Nullable Object> extends Node.Deadline
    implements From<R>, Pid.Undelivered, Pid.Wrapper {
  private final Pid<?> server;
  private final Object request;
  private final Duration timeout;
  private final CompletableFuture<R> future = new CompletableFuture<>();

  private PendingCall(Pid<?> server, Object request, Duration timeout) {
    this.server = server;
    this.request = Objects.requireNonNull(request, Cast.NOTHING);
    this.timeout = timeout;
  }

  static <R extends @Nullable Object> CompletableFuture<R> send(
      Pid<?> server, Object request, Duration timeout) {
    PendingCall<R> call = new PendingCall<>(server, request, timeout);
    if (server.equals(Node.current())) {
      call.future.completeExceptionally(new CallingSelf(server));
      return call.future;
    }
    server.node().arm(call, timeout);
    raw(server).send(call);
    return call.future;
  }

  static <R extends @Nullable Object> CompletableFuture<R> send(
      Node node, Name server, Object request, Duration timeout) {
    Pid<?> pid = server.whereis(node);
    return pid == null
        ? CompletableFuture.failedFuture(new CallFailed.UnknownName(server, node))
        : send(pid, request, timeout);
  }

  @SuppressWarnings("unchecked")
  static Pid<Object> raw(Pid<?> server) {
    return (Pid<Object>) server;
  }

  static void refuseOnEventLoop(Node node, Object server, Object request) {
    if (node.scheduler().onEventLoop()) {
      throw new IllegalStateException(
          "a blocking call to "
              + server
              + " with "
              + request
              + " on an event loop would stop"
              + " every process there; use call and await its stage, or spawn the caller with"
              + " Kind.VIRTUAL_THREAD");
    }
  }

  Object request() {
    return request;
  }

  @Override
  public Object content() {
    return request;
  }

  static <R extends @Nullable Object> R join(CompletableFuture<R> future, Object server) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CallFailed failed) {
        throw failed.here();
      }
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in a call to " + server, e);
    }
  }

  @Override
  public boolean reply(R value) {
    boolean first = Node.complete(future, value);
    if (first) {
      disarm();
    }
    return first;
  }

  @SuppressWarnings("unchecked")
  void replyUnchecked(@Nullable Object value) {
    ((PendingCall<@Nullable Object>) this).reply(value);
  }

  @Override
  public boolean isWaiting() {
    return !future.isDone();
  }

  @Override
  public void undelivered(Pid<?> receiver, ExitReason reason) {
    if (request instanceof StopRequest stop && same(stop.reason(), reason)) {
      replyUnchecked(null);
    } else if (Node.fail(future, new ServerDown(server, reason))) {
      disarm();
    }
  }

  /// Reasons hold values of the application's own, whose equals may throw.
  private static boolean same(ExitReason wanted, ExitReason had) {
    try {
      return wanted.equals(had);
    } catch (RuntimeException strange) {
      return false;
    }
  }

  @Override
  public void overflowed(Pid<?> receiver, int limit) {
    if (Node.fail(future, new CallFailed.MailboxFull(receiver, limit))) {
      disarm();
    }
  }

  @Override
  public boolean counts() {
    return !(request instanceof StopRequest);
  }

  @Override
  protected void expired() {
    Node.fail(future, new CallTimeout(server, timeout));
  }

  @Override
  public String toString() {
    return "call of " + request;
  }
}

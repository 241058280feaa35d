package dev.athanor.otp.sys;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.CallTimeout;
import dev.athanor.otp.server.CallingSelf;
import dev.athanor.otp.server.ServerDown;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One system request with its promise and its timeout. As with OTP's, a request that timed out is
/// served all the same when the process comes to it; its outcome goes nowhere.
final class SysCall<T extends @Nullable Object> extends Node.Deadline
    implements Behavior.SystemRequest {
  /// What is done in the process.
  @FunctionalInterface
  interface Deed<T extends @Nullable Object> {
    T doIn(Behavior.Live process) throws Exception;
  }

  /// What is changed in the process.
  @FunctionalInterface
  interface Change {
    void doIn(Behavior.Live process) throws Exception;
  }

  private final Pid<?> pid;
  private final Duration timeout;
  private final Deed<T> deed;
  private final CompletableFuture<T> future = new CompletableFuture<>();

  private SysCall(Pid<?> pid, Duration timeout, Deed<T> deed) {
    this.pid = pid;
    this.timeout = timeout;
    this.deed = deed;
  }

  static <T extends @Nullable Object> CompletableFuture<T> ask(
      Pid<?> pid, Duration timeout, Deed<T> deed) {
    SysCall<T> call = new SysCall<>(pid, timeout, deed);
    if (pid.equals(Node.current())) {
      call.future.completeExceptionally(new CallingSelf(pid));
    } else {
      pid.node().arm(call, timeout);
      pid.node().system(pid, call);
    }
    return call.future;
  }

  static CompletableFuture<@Nullable Void> change(Pid<?> pid, Duration timeout, Change change) {
    return SysCall.<@Nullable Void>ask(
        pid,
        timeout,
        live -> {
          change.doIn(live);
          return null;
        });
  }

  @Override
  public void serve(Behavior.Live process) {
    try {
      T value = deed.doIn(process);
      disarm();
      Node.complete(future, value);
    } catch (Throwable failure) {
      disarm();
      Node.fail(future, failure);
    }
  }

  @Override
  public void refused(ExitReason reason) {
    disarm();
    Node.fail(future, new ServerDown(pid, reason));
  }

  @Override
  protected void expired() {
    Node.fail(future, new CallTimeout(pid, timeout));
  }
}

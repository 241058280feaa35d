package dev.athanor.otp.sys;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Looks into live processes and steers them: for operators, consoles and tests, not for the
/// business of an application.
///
/// A process serves these requests in their place among its messages; while it is suspended it
/// serves nothing else. They work with every process: servers, state machines, supervisors and
/// agents show a state, plain processes only if they override
/// [dev.athanor.otp.process.Behavior#inside]. All functions may be called from any thread and
/// return at once; they wait for 5 seconds unless told otherwise. The stage fails with
/// [dev.athanor.otp.server.ServerDown] when the process is or goes down, with
/// [dev.athanor.otp.server.CallTimeout] in the end, with [dev.athanor.otp.server.CallingSelf] when
/// a process asks itself, with [UnsupportedOperationException] when it has nothing of the kind, and
/// with what a function given to it throws; the process goes on. Stages that depend on the result
/// run on the thread of the process and must be quick; to wait for one use [#blocking].
///
/// Corresponds to Erlang's `sys`. What a process does over time: [Debug] and [Trace].
public final class Sys {
  /// How long a request waits unless told otherwise: 5 seconds.
  public static final Duration TIMEOUT = GenServer.CALL_TIMEOUT;

  private Sys() {}

  /// The state of a process: of a state machine a [dev.athanor.otp.statem.StateData]
  /// (`get_state/1`). It is the object itself, which must not be changed.
  ///
  /// @param pid the process
  /// @return its state
  public static CompletionStage<@Nullable Object> getState(Pid<?> pid) {
    return getState(pid, TIMEOUT);
  }

  /// The state of a process.
  ///
  /// @param pid the process
  /// @param timeout how long to wait
  /// @return its state
  public static CompletionStage<@Nullable Object> getState(Pid<?> pid, Duration timeout) {
    return SysCall.<@Nullable Object>ask(pid, timeout, live -> live.inside().state());
  }

  /// Puts another state in the place of the present one (`replace_state/2`): to repair a process
  /// that would otherwise have to be killed.
  ///
  /// @param pid the process
  /// @param change from the present state to the next, run in the process; when it throws, the
  ///   state stays
  /// @return the new state
  public static CompletionStage<@Nullable Object> replaceState(
      Pid<?> pid, UnaryOperator<@Nullable Object> change) {
    return replaceState(pid, change, TIMEOUT);
  }

  /// Puts another state in the place of the present one.
  ///
  /// @param pid the process
  /// @param change from the present state to the next, run in the process
  /// @param timeout how long to wait
  /// @return the new state
  public static CompletionStage<@Nullable Object> replaceState(
      Pid<?> pid, UnaryOperator<@Nullable Object> change, Duration timeout) {
    return SysCall.<@Nullable Object>ask(
        pid,
        timeout,
        live -> {
          Object next = change.apply(live.inside().state());
          live.inside().replaceState(next);
          return next;
        });
  }

  /// What there is to know about a process (`get_status/1`).
  ///
  /// @param pid the process
  /// @return its status
  public static CompletionStage<Status> getStatus(Pid<?> pid) {
    return getStatus(pid, TIMEOUT);
  }

  /// What there is to know about a process.
  ///
  /// @param pid the process
  /// @param timeout how long to wait
  /// @return its status
  public static CompletionStage<Status> getStatus(Pid<?> pid, Duration timeout) {
    return SysCall.ask(pid, timeout, Status::of);
  }

  /// Suspends a process: from now on it handles system requests and the order to stop, and nothing
  /// else; messages and calls wait, calls until their timeout (`suspend/1`). Suspended twice, it is
  /// resumed once.
  ///
  /// @param pid the process
  /// @return completes when it is suspended
  public static CompletionStage<@Nullable Void> suspend(Pid<?> pid) {
    return suspend(pid, TIMEOUT);
  }

  /// Suspends a process.
  ///
  /// @param pid the process
  /// @param timeout how long to wait; when that is over the process is suspended all the same as
  ///   soon as it comes to it
  /// @return completes when it is suspended
  public static CompletionStage<@Nullable Void> suspend(Pid<?> pid, Duration timeout) {
    return SysCall.change(pid, timeout, Behavior.Live::suspend);
  }

  /// Lets a suspended process go on (`resume/1`).
  ///
  /// @param pid the process
  /// @return completes when it goes on
  public static CompletionStage<@Nullable Void> resume(Pid<?> pid) {
    return resume(pid, TIMEOUT);
  }

  /// Lets a suspended process go on.
  ///
  /// @param pid the process
  /// @param timeout how long to wait
  /// @return completes when it goes on
  public static CompletionStage<@Nullable Void> resume(Pid<?> pid, Duration timeout) {
    return SysCall.change(pid, timeout, Behavior.Live::resume);
  }

  /// Converts the state of a suspended process to a new version of the code, by its `codeChange`
  /// (`change_code/4`).
  ///
  /// @param pid the process, suspended
  /// @param oldVersion the version its state is from; null when it is not known
  /// @param extra anything the conversion wants to know; null when there is nothing
  /// @return completes when the state is converted; fails with [IllegalStateException] when the
  ///   process is not suspended, and with what `codeChange` threw, the state being as before
  public static CompletionStage<@Nullable Void> changeCode(
      Pid<?> pid, @Nullable Object oldVersion, @Nullable Object extra) {
    return SysCall.change(
        pid,
        TIMEOUT,
        live -> {
          if (!live.suspended()) {
            throw new IllegalStateException(
                "the code of "
                    + pid
                    + " can be changed only while it is suspended; suspend it"
                    + " first and resume it afterwards");
          }
          live.inside().changeCode(oldVersion, extra);
        });
  }

  /// Ends a process in order, by way of its `terminate`, suspended or not (`terminate/2`).
  ///
  /// @param pid the process
  /// @param reason why
  /// @return completes when it has begun to stop; its end comes by links and monitors
  public static CompletionStage<@Nullable Void> terminate(Pid<?> pid, ExitReason reason) {
    return SysCall.change(pid, TIMEOUT, live -> live.terminate(reason));
  }

  /// Waits for the outcome of one of these functions, on a thread that may block.
  ///
  /// @param pid the process that was asked
  /// @param outcome what was returned
  /// @param <T> the type of the outcome
  /// @return the outcome
  /// @throws IllegalStateException on an event loop
  /// @throws RuntimeException what the stage failed with
  public static <T extends @Nullable Object> T blocking(Pid<?> pid, CompletionStage<T> outcome) {
    if (pid.node().scheduler().onEventLoop()) {
      throw new IllegalStateException(
          "waiting for "
              + pid
              + " on an event loop would stop every process there; use Self.await, or spawn the"
              + " caller with Kind.VIRTUAL_THREAD");
    }
    CompletableFuture<T> future = outcome.toCompletableFuture();
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}

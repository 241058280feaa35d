package dev.athanor.otp.process;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The part of a [Node] that deals with threads: for which process the calling one is at work.
abstract sealed class NodeThreads permits NodeNames {
  /// The process whose callback the calling thread is in. What hangs on a stage is nobody's
  /// callback, whatever thread it runs on, unless a process took it by [Self#await].
  ///
  /// @return the process, or null outside every process
  public static @Nullable Pid<?> current() {
    Carrier carrier = Carrier.current();
    return carrier.aside ? null : carrier.cell;
  }

  /// Runs work that belongs to a process on another thread than that of its turns, as a task's work
  /// is: meanwhile [#current] is the process. Whoever has the [Self] of the process must not use it
  /// inside the work, which runs beside the turns.
  ///
  /// @param pid the process
  /// @param work what to run, on the calling thread
  public static void actAs(Pid<?> pid, Runnable work) {
    Carrier carrier = Carrier.current();
    Cell<?> outer = carrier.cell;
    boolean aside = carrier.aside;
    carrier.cell = (Cell<?>) pid;
    carrier.aside = false;
    try {
      work.run();
    } finally {
      carrier.cell = outer;
      carrier.aside = aside;
    }
  }

  /// Tells whether a process that runs on a thread of its own ([Kind#VIRTUAL_THREAD],
  /// [Kind#WORKER]) was killed while its callback runs; on an event loop the kill comes after the
  /// callback. The callback's thread is interrupted as well. For packages that clean up when a
  /// callback throws, which is not for who was killed, and for callbacks that compute for long.
  ///
  /// @param pid the process, in its own callback
  /// @return whether it ends with [ExitReason.Killed], whatever it does
  public static boolean isKilled(Pid<?> pid) {
    Cell<?> cell = (Cell<?>) pid;
    return cell.strand.mayBlock() && cell.extras().isKilled();
  }

  /// Completes what somebody else waits for: what hangs on it runs at once on this thread, and
  /// meanwhile [#current] is nobody. So it may call the very process that completes it, and is not
  /// taken for a part of it. For packages whose processes answer by stages.
  ///
  /// @param promise what others wait for
  /// @param value its outcome
  /// @param <T> the type of the outcome
  /// @return whether this was the first outcome
  public static <T extends @Nullable Object> boolean complete(
      CompletableFuture<T> promise, T value) {
    Carrier carrier = Carrier.current();
    boolean aside = carrier.aside;
    carrier.aside = true;
    try {
      return promise.complete(value);
    } finally {
      carrier.aside = aside;
    }
  }

  /// As [#complete], with a failure.
  ///
  /// @param promise what others wait for
  /// @param failure why there is no value
  /// @return whether this was the first outcome
  public static boolean fail(CompletableFuture<?> promise, Throwable failure) {
    Carrier carrier = Carrier.current();
    boolean aside = carrier.aside;
    carrier.aside = true;
    try {
      return promise.completeExceptionally(failure);
    } finally {
      carrier.aside = aside;
    }
  }
}

package dev.athanor.otp.process;

/// What a [Node] runs on: lanes, timers and a clock. This is the SPI; otp/vertx has the
/// implementation for production and otp/testing the deterministic one.
///
/// All methods may be called from any thread.
public interface Scheduler {
  /// Something that can be called off.
  @FunctionalInterface
  interface Cancellable {
    /// Calls it off if it has not begun; otherwise does nothing. Idempotent.
    void cancel();
  }

  /// Chooses the lane for a new process: for [Kind#EVENT_LOOP] the caller's own loop when it runs
  /// on one, otherwise the loops take turns.
  ///
  /// @param kind the kind wanted
  /// @return a lane of that kind
  Lane lane(Kind kind);

  /// Runs a short task once, after a delay, on a thread of the scheduler's choice.
  ///
  /// @param delayNanos nanoseconds from now; zero or less means as soon as possible
  /// @param task a task that neither blocks nor throws
  /// @return what calls it off
  Cancellable schedule(long delayNanos, Runnable task);

  /// The clock of timers and restart intensities: nanoseconds from an arbitrary origin.
  ///
  /// @return nanoseconds, never decreasing
  long nanoTime();

  /// Runs a check again and again, in real time, on a thread that no process can hold. A scheduler
  /// without such a thread never runs it, which is the default.
  ///
  /// @param periodNanos the time between two runs
  /// @param check a quick task that does not throw
  /// @return what ends it
  default Cancellable watch(long periodNanos, Runnable check) {
    return () -> {};
  }

  /// Tells whether the calling thread is one that must not block.
  ///
  /// @return true on an event loop
  boolean onEventLoop();
}

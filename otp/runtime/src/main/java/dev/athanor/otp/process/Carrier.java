package dev.athanor.otp.process;

import org.jspecify.annotations.Nullable;

/// What a thread is doing: which process it is running a turn of. One per thread, written by that
/// thread only; the watchdog reads it without order.
final class Carrier {
  private static final ThreadLocal<Carrier> CURRENT = ThreadLocal.withInitial(Carrier::new);

  final Thread thread = Thread.currentThread();
  @Nullable Cell<?> cell;

  /// Whether a promise is being completed: what hangs on it is no callback of the process.
  boolean aside;

  long turns;

  private Carrier() {}

  static Carrier current() {
    return CURRENT.get();
  }
}

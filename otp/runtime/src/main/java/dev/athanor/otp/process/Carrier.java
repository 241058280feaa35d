package dev.athanor.otp.process;

import org.jspecify.annotations.Nullable;

/// What a thread is doing: which process it is running a turn of. One per thread, touched by that
/// thread only.
final class Carrier {
  private static final ThreadLocal<Carrier> CURRENT = ThreadLocal.withInitial(Carrier::new);

  @Nullable Cell<?> cell;

  private Carrier() {}

  static Carrier current() {
    return CURRENT.get();
  }
}

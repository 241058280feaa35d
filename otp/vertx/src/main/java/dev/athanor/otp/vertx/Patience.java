package dev.athanor.otp.vertx;

/// Whether an event loop that has run out of turns looks out for more before it sleeps.
///
/// To wake a thread costs more than to look out for a while: two passes through the kernel, and on
/// a virtual machine the return of a processor. So a loop that is woken soon after it fell asleep
/// looks out the next time, and goes on as long as more comes meanwhile more often than not. When
/// nothing comes it sleeps at once again, and each time that happens it takes twice as many short
/// sleeps, up to 64, until it tries again: work that comes from sockets, or regularly but later,
/// costs next to nothing. Used by its loop only.
final class Patience {
  /// So many times in a row may looking out be in vain.
  private static final int MOST = 4;

  private static final int MOST_DOUBT = 64;

  /// A sleep is short up to so many times the patience: while two loops wake each other, the time
  /// until either is awake is part of the other's sleep.
  private static final int SHORT = 5;

  private final long nanos;
  private int left;
  private int shortSleeps;
  private int doubt = 1;

  /// @param nanos how long to look out at most, 0 for never
  Patience(long nanos) {
    this.nanos = nanos;
  }

  /// How long to look out now, 0 for not at all.
  long nanos() {
    return left > 0 ? nanos : 0;
  }

  /// The loop was woken by another thread.
  void slept(long asleepNanos) {
    if (asleepNanos < SHORT * nanos && ++shortSleeps >= doubt) {
      shortSleeps = 0;
      left = Math.max(left, 1);
    }
  }

  /// Something came while the loop looked out.
  void paid() {
    left = Math.min(left + 1, MOST);
    doubt = 1;
  }

  /// The loop looked out in vain.
  void failed() {
    left--;
    if (left == 0) {
      doubt = Math.min(2 * doubt, MOST_DOUBT);
    }
  }
}

package dev.athanor.otp.process;

import org.jspecify.annotations.Nullable;

/// Something that gives up after a while, of which there are very many and few ever do: the
/// timeout of a call, for instance. Arming and cancelling cost a list operation; only the oldest
/// deadline of its length keeps a timer. Armed with [Node#arm], once in its life.
public abstract class Deadline {
  /// Guarded by the list.
  @Nullable Deadline previous;

  /// Guarded by the list.
  @Nullable Deadline next;

  /// Guarded by the list.
  boolean listed;

  long dueNanos;

  /// Set before the deadline is published in its list, read by whoever cancels.
  private volatile @Nullable DeadlineList list;

  /// Makes a deadline that is not armed.
  protected Deadline() {}

  /// The time is up. Called at most once, on a thread of the scheduler; must not block or throw.
  protected abstract void expired();

  /// Calls it off, from any thread. Idempotent, and without effect once it has expired.
  protected final void disarm() {
    DeadlineList current = list;
    if (current != null) {
      current.remove(this);
    }
  }

  final void enter(DeadlineList entered) {
    list = entered;
  }
}

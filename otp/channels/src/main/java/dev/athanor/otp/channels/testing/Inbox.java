package dev.athanor.otp.channels.testing;

import dev.athanor.otp.process.Scheduler;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What has arrived and was not asked for yet, in the order of arrival; taking one leaves the
/// others where they are, as a selective receive does. Filled from any thread, read by the test's.
///
/// Shared between threads: `arrivals` (a blocking queue); the rest is the test's thread's own.
///
/// @param <T> what arrives
final class Inbox<T> {
  private final Scheduler scheduler;
  private final BlockingQueue<T> arrivals = new LinkedBlockingQueue<>();
  private final List<T> here = new ArrayList<>();

  Inbox(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  void add(T arrival) {
    arrivals.add(arrival);
  }

  /// Everything that is here now.
  List<T> all() {
    arrivals.drainTo(here);
    return List.copyOf(here);
  }

  /// Takes the first that is wanted, waiting for it; null when it does not come.
  @Nullable T take(Predicate<? super T> wanted, Duration within) {
    T found = find(wanted, within);
    if (found != null) {
      here.remove(found);
    }
    return found;
  }

  /// The same, and leaves it here.
  @Nullable T find(Predicate<? super T> wanted, Duration within) {
    if (scheduler instanceof DeterministicScheduler virtual) {
      AtomicReference<@Nullable T> found = new AtomicReference<>();
      BooleanSupplier came =
          () -> {
            found.set(first(wanted));
            return found.get() != null;
          };
      var _ = virtual.runUntil(came, within);
      return found.get();
    }
    long end = System.nanoTime() + within.toNanos();
    for (T found = first(wanted); ; found = first(wanted)) {
      if (found != null) {
        return found;
      }
      try {
        T next = arrivals.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        if (next == null) {
          return null;
        }
        here.add(next);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
  }

  private @Nullable T first(Predicate<? super T> wanted) {
    arrivals.drainTo(here);
    for (T each : here) {
      if (wanted.test(each)) {
        return each;
      }
    }
    return null;
  }
}

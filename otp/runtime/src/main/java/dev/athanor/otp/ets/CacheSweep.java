package dev.athanor.otp.ets;

import dev.athanor.otp.process.Scheduler;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Looks through a cache for expired values from time to time, a bounded number of entries in one
/// task. It rests while nothing in the cache expires; the next value that does wakes it.
final class CacheSweep<K, V> {

  private static final int AT_ONCE = 1_000;

  private final Table<K, CacheEntry<K, V>> table;
  private final Scheduler scheduler;
  private final long intervalNanos;
  private final Predicate<CacheEntry<K, V>> look;
  private final AtomicBoolean awake = new AtomicBoolean();

  /// Set by who brings a value that expires, reset when a walk begins, which may miss it.
  private volatile boolean news;

  CacheSweep(
      Table<K, CacheEntry<K, V>> table,
      Scheduler scheduler,
      long intervalNanos,
      Predicate<CacheEntry<K, V>> look) {
    this.table = table;
    this.scheduler = scheduler;
    this.intervalNanos = intervalNanos;
    this.look = look;
  }

  /// There is something that will expire.
  void wake() {
    if (!news) {
      news = true;
    }
    if (!awake.get() && awake.compareAndSet(false, true)) {
      scheduler.schedule(intervalNanos, this::begin);
    }
  }

  private void begin() {
    news = false;
    sweep(null, false);
  }

  /// @param before the page that was looked through last
  /// @param left whether something that will expire was seen
  private void sweep(@Nullable Page<CacheEntry<K, V>> before, boolean left) {
    try {
      Page<CacheEntry<K, V>> page =
          before == null
              ? table.select(MatchSpec.<K, CacheEntry<K, V>>all().values(), AT_ONCE)
              : before.next();
      boolean more = left;
      for (CacheEntry<K, V> entry : page.results()) {
        more |= look.test(entry);
      }
      boolean seen = more;
      if (!page.isLast()) {
        scheduler.schedule(0, () -> sweep(page, seen));
        return;
      }
      awake.set(false);
      if (seen || news) {
        wake();
      }
    } catch (TableException.Gone _) {
      // The owner has exited, and the cache with it.
    }
  }
}

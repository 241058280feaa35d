package dev.athanor.otp.ets;

import dev.athanor.otp.process.Scheduler;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Looks through a cache for expired values from time to time, a bounded number of entries in one
/// task. It rests while the cache is empty; the next value wakes it.
final class CacheSweep<K, V> {

  private static final int AT_ONCE = 1_000;

  private final Table<K, CacheEntry<K, V>> table;
  private final Scheduler scheduler;
  private final long intervalNanos;
  private final Consumer<CacheEntry<K, V>> look;
  private final AtomicBoolean awake = new AtomicBoolean();

  CacheSweep(
      Table<K, CacheEntry<K, V>> table,
      Scheduler scheduler,
      long intervalNanos,
      Consumer<CacheEntry<K, V>> look) {
    this.table = table;
    this.scheduler = scheduler;
    this.intervalNanos = intervalNanos;
    this.look = look;
  }

  /// There is something that will expire.
  void wake() {
    if (!awake.get() && awake.compareAndSet(false, true)) {
      scheduler.schedule(intervalNanos, () -> sweep(null));
    }
  }

  private void sweep(@Nullable Page<CacheEntry<K, V>> before) {
    try {
      Page<CacheEntry<K, V>> page =
          before == null
              ? table.select(MatchSpec.<K, CacheEntry<K, V>>all().values(), AT_ONCE)
              : before.next();
      page.results().forEach(look);
      if (!page.isLast()) {
        scheduler.schedule(0, () -> sweep(page));
        return;
      }
      awake.set(false);
      if (table.size() > 0) {
        wake();
      }
    } catch (TableException.Gone _) {
      // The owner has exited, and the cache with it.
    }
  }
}

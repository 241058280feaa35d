package dev.athanor.otp.ets;

import dev.athanor.otp.process.Pid;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A cache in a table: values that are computed once, kept while they are fresh and fit in, and
/// gone with the process that owns them (what con_cache and hand-made ETS caches do).
///
/// Any thread may call any method; nothing blocks. However many ask for a missing key at once, one
/// loader runs, on the thread of the first who asked, and all of them get its outcome. A failure
/// reaches all who wait for it and is not kept. An invalidation or [#put] that comes while a loader
/// runs wins: those who wait get the loaded value, but whoever asks after it starts anew. A hit is
/// one lookup without a lock and without allocation.
///
/// Unbounded and without expiry by default. When the cache is full, a value that nobody asked for
/// since the hand last passed it goes first (the SIEVE algorithm). An expired value is never given
/// out; its memory is given back when its key is asked for, when a newer value is written after it,
/// or by [#purge]. After the owner's exit every method throws [TableException.Gone].
public final class Cache<K, V> {

  private final Table<K, CacheEntry<K, V>> table;
  private final CacheList<K, V> list;
  private final long afterWriteNanos;
  private final long afterAccessNanos;
  private final LongSupplier clock;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder loads = new LongAdder();
  private final LongAdder failures = new LongAdder();

  private Cache(Tables tables, Builder<K, V> builder) {
    TableSpec<K, CacheEntry<K, V>> spec =
        TableSpec.<K, CacheEntry<K, V>>set(builder.name).access(Access.PUBLIC);
    this.table = tables.create(builder.owner == null ? spec : spec.owner(builder.owner));
    this.list = new CacheList<>(table, builder.maximumSize, builder.afterWriteNanos);
    this.afterWriteNanos = builder.afterWriteNanos;
    this.afterAccessNanos = builder.afterAccessNanos;
    this.clock = tables.node().scheduler()::nanoTime;
  }

  /// Starts to describe a cache; its name is that of its table.
  public static <K, V> Builder<K, V> named(String name) {
    return new Builder<>(name);
  }

  /// The value of the key, computed if it is not there. On a hit the stage is complete. The loader
  /// must not ask this cache for the same key.
  public CompletionStage<V> get(
      K key, Function<? super K, ? extends CompletionStage<? extends V>> loader) {
    while (true) {
      CacheEntry<K, V> entry = table.get(key);
      if (entry != null) {
        V value = entry.value;
        if (value == null) {
          hits.increment();
          return entry.stage;
        }
        if (fresh(entry)) {
          entry.touch();
          hits.increment();
          return entry.stage;
        }
        list.remove(entry);
        continue;
      }
      CacheEntry<K, V> mine = new CacheEntry<>(key);
      if (table.insertNew(key, mine)) {
        misses.increment();
        load(mine, loader);
        return mine.stage;
      }
    }
  }

  private void load(
      CacheEntry<K, V> entry, Function<? super K, ? extends CompletionStage<? extends V>> loader) {
    loads.increment();
    CompletionStage<? extends V> outcome;
    try {
      outcome =
          Objects.requireNonNull(
              loader.apply(entry.key), "a loader answers a stage of the value, got null");
    } catch (Throwable failure) {
      fail(entry, failure);
      return;
    }
    outcome.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            fail(entry, failure);
          } else if (value == null) {
            fail(
                entry,
                new NullPointerException("a loader's stage completes with a value, got null"));
          } else {
            list.add(entry, stamp(entry, value));
            entry.promise.complete(value);
          }
        });
  }

  private long stamp(CacheEntry<K, V> entry, V value) {
    long now = expires() ? clock.getAsLong() : 0;
    entry.written = now;
    entry.accessed = now;
    entry.value = value;
    return now;
  }

  private void fail(CacheEntry<K, V> entry, Throwable failure) {
    failures.increment();
    list.remove(entry);
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    entry.promise.completeExceptionally(cause);
  }

  /// The value of the key if it is there, fresh and computed; null otherwise.
  public @Nullable V getIfPresent(K key) {
    CacheEntry<K, V> entry = table.get(key);
    if (entry != null) {
      V value = entry.value;
      if (value != null && fresh(entry)) {
        entry.touch();
        hits.increment();
        return value;
      }
    }
    misses.increment();
    return null;
  }

  /// Sets the value of a key, whatever loader is running for it.
  public void put(K key, V value) {
    CacheEntry<K, V> entry = new CacheEntry<>(key);
    entry.promise.complete(Objects.requireNonNull(value, "a cache holds no null"));
    long now = stamp(entry, value);
    while (!table.insertNew(key, entry)) {
      invalidate(key);
    }
    list.add(entry, now);
  }

  /// Forgets a key; who asks from now on gets a value computed from now on.
  public void invalidate(K key) {
    CacheEntry<K, V> entry = table.get(key);
    if (entry != null) {
      list.remove(entry);
    }
  }

  /// Forgets every key that has a value the predicate accepts. A load that is running has none yet:
  /// use [#invalidate] for its key, or [#invalidateAll].
  public void invalidateIf(BiPredicate<? super K, ? super V> stale) {
    table.forEach(
        (key, entry) -> {
          V value = entry.value;
          if (value != null && stale.test(key, value)) {
            list.remove(entry);
          }
        });
  }

  /// Forgets everything, running loads included.
  public void invalidateAll() {
    table.forEach((key, entry) -> list.remove(entry));
  }

  /// Gives back the memory of all that has expired.
  public void purge() {
    table.forEach(
        (key, entry) -> {
          if (entry.value != null && !fresh(entry)) {
            list.remove(entry);
          }
        });
  }

  /// How many keys it holds, running loads and expired values included.
  public long size() {
    return table.size();
  }

  /// What happened since the cache was made.
  public Statistics statistics() {
    return new Statistics(
        hits.sum(), misses.sum(), loads.sum(), failures.sum(), list.evictions(), table.size());
  }

  private boolean expires() {
    return afterWriteNanos != Long.MAX_VALUE || afterAccessNanos != Long.MAX_VALUE;
  }

  private boolean fresh(CacheEntry<K, V> entry) {
    if (!expires()) {
      return true;
    }
    long now = clock.getAsLong();
    if (now - entry.written >= afterWriteNanos || now - entry.accessed >= afterAccessNanos) {
      return false;
    }
    if (afterAccessNanos != Long.MAX_VALUE) {
      entry.accessed = now;
    }
    return true;
  }

  /// Counts since a cache was made.
  ///
  /// @param hits values given out, or waited for, that were there or being computed
  /// @param misses askings that found nothing fresh
  /// @param loads loaders started
  /// @param failures loaders that failed
  /// @param evictions values dropped because the cache was full
  /// @param size keys it holds now
  public record Statistics(
      long hits, long misses, long loads, long failures, long evictions, long size) {}

  /// What a cache is to be. Not for several threads.
  public static final class Builder<K, V> {
    private final String name;
    private long maximumSize = Long.MAX_VALUE;
    private long afterWriteNanos = Long.MAX_VALUE;
    private long afterAccessNanos = Long.MAX_VALUE;
    private @Nullable Pid<?> owner;

    private Builder(String name) {
      this.name = name;
    }

    /// Keeps at most so many values; running loads do not count.
    public Builder<K, V> maximumSize(long values) {
      if (values < 1) {
        throw new IllegalArgumentException("a cache keeps at least one value, got " + values);
      }
      maximumSize = values;
      return this;
    }

    /// A value is fresh for so long after it was computed or put.
    public Builder<K, V> expireAfterWrite(Duration time) {
      afterWriteNanos = positive(time);
      return this;
    }

    /// A value is fresh for so long after it was last given out.
    public Builder<K, V> expireAfterAccess(Duration time) {
      afterAccessNanos = positive(time);
      return this;
    }

    /// The process it belongs to; by default the one that creates it.
    public Builder<K, V> owner(Pid<?> process) {
      owner = process;
      return this;
    }

    /// Makes the cache.
    public Cache<K, V> create(Tables tables) {
      return new Cache<>(tables, this);
    }

    private static long positive(Duration time) {
      if (time.isZero() || time.isNegative()) {
        throw new IllegalArgumentException("a value is fresh for some time, got " + time);
      }
      return time.toNanos();
    }
  }
}

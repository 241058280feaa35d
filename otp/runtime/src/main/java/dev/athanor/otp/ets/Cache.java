package dev.athanor.otp.ets;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.telemetry.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A cache in a table: values that are computed once, kept while they are fresh and fit in, and
/// gone with the process that owns them (what con_cache and hand-made ETS caches do).
///
/// Any thread may call any method; nothing blocks. However many ask for a missing key at once, one
/// loader runs, on the thread of the first who asked, and all of them get its outcome. A failure
/// reaches all who wait for it and is not kept. An invalidation, [#put] or [#update] that comes
/// while a loader runs wins: those who wait get the loaded value, but whoever asks after it starts
/// anew. A hit is one lookup without a lock and without allocation.
///
/// Unbounded and without expiry by default. When the cache is full, a value that nobody asked for
/// since the hand last passed it goes first (the SIEVE algorithm). An expired value is never given
/// out; its memory is given back when its key is asked for, by [#purge], or by a sweep that runs
/// every so often while there are values that will. Time is the scheduler's, so that tests with
/// virtual time see values expire. After the owner's exit every method throws
/// [TableException.Gone].
public final class Cache<K, V> {

  private static final long FOREVER = Long.MAX_VALUE;

  private final Table<K, CacheEntry<K, V>> table;
  private final CacheList<K, V> list;
  private final CacheSweep<K, V> sweep;
  private final BiFunction<? super K, ? super V, Duration> lifetime;
  private final long afterAccessNanos;
  private final @Nullable RemovalListener<? super K, ? super V> listener;
  private final Node node;
  private final LongSupplier clock;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder loads = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder expirations = new LongAdder();

  /// Set by the first value that expires; never reset. A lost write is made good by the next value.
  private volatile boolean expires;

  private Cache(Tables tables, Builder<K, V> builder) {
    TableSpec<K, CacheEntry<K, V>> spec =
        TableSpec.<K, CacheEntry<K, V>>set(builder.name).access(Access.PUBLIC);
    this.table = tables.create(builder.owner == null ? spec : spec.owner(builder.owner));
    this.list = new CacheList<>(table, builder.maximumSize);
    this.lifetime = builder.lifetime;
    this.afterAccessNanos = builder.afterAccessNanos;
    this.listener = builder.listener;
    this.node = tables.node();
    this.clock = node.scheduler()::nanoTime;
    this.expires = afterAccessNanos != FOREVER;
    this.sweep = new CacheSweep<>(table, node.scheduler(), builder.sweepNanos, this::willExpire);
  }

  /// Starts to describe a cache; its name is that of its table.
  public static <K, V> Builder<K, V> named(String name) {
    return new Builder<>(name);
  }

  /// The value of the key, computed if it is not there. On a hit the stage is complete. The loader
  /// must not ask this cache for the same key, and its stage has to complete one day, as that of a
  /// call does: until then all who ask for the key wait for it, unless it is invalidated.
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
        drop(entry, Removal.EXPIRED);
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
            try {
              stamp(entry, value, lifetime.apply(entry.key, value));
            } catch (Throwable thrown) {
              fail(entry, thrown);
              return;
            }
            add(entry);
            Node.complete(entry.promise, value);
          }
        });
  }

  private void stamp(CacheEntry<K, V> entry, V value, Duration fresh) {
    long nanos = Builder.nanos(fresh);
    if (nanos != FOREVER) {
      expires = true;
    }
    long now = expires ? clock.getAsLong() : 0;
    entry.lifetimeNanos = nanos;
    entry.written = now;
    entry.accessed = now;
    entry.value = value;
  }

  private void add(CacheEntry<K, V> entry) {
    added(list.add(entry));
  }

  private void added(List<CacheEntry<K, V>> evicted) {
    evicted.forEach(entry -> removed(entry, Removal.EVICTED));
    if (expires) {
      sweep.wake();
    }
  }

  /// Puts an entry in the place of what the key had; answers false if that changed meanwhile.
  private boolean store(@Nullable CacheEntry<K, V> present, CacheEntry<K, V> entry) {
    if (present == null) {
      if (!table.insertNew(entry.key, entry)) {
        return false;
      }
      add(entry);
      return true;
    }
    List<CacheEntry<K, V>> evicted = list.replace(present, entry);
    if (evicted == null) {
      return false;
    }
    removed(present, Removal.REPLACED);
    added(evicted);
    return true;
  }

  private void fail(CacheEntry<K, V> entry, Throwable failure) {
    failures.increment();
    list.remove(entry);
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    Node.fail(entry.promise, cause);
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
    put(key, value, lifetime.apply(key, value));
  }

  /// Sets the value of a key, which is fresh for the given time instead of the cache's own.
  public void put(K key, V value, Duration fresh) {
    CacheEntry<K, V> entry = made(key, value, fresh);
    while (!store(table.get(key), entry)) {
      Thread.onSpinWait();
    }
  }

  private CacheEntry<K, V> made(K key, V value, Duration fresh) {
    CacheEntry<K, V> entry = new CacheEntry<>(key);
    entry.promise.complete(Objects.requireNonNull(value, "a cache holds no null"));
    stamp(entry, value, fresh);
    return entry;
  }

  /// Makes a new value of the present one, which is null if there is none that is fresh, and
  /// answers it. No other change of the key comes in between: the function runs again if one does.
  public V update(K key, BiFunction<? super K, ? super @Nullable V, ? extends V> change) {
    while (true) {
      CacheEntry<K, V> present = table.get(key);
      V next = change.apply(key, present == null ? null : freshValue(present));
      if (store(present, made(key, next, lifetime.apply(key, next)))) {
        return next;
      }
    }
  }

  /// As [#update], only if there is a fresh value; answers null if there is none.
  public @Nullable V updateIfPresent(K key, BiFunction<? super K, ? super V, ? extends V> change) {
    while (true) {
      CacheEntry<K, V> present = table.get(key);
      V value = present == null ? null : freshValue(present);
      if (present == null || value == null) {
        return null;
      }
      V next = change.apply(key, value);
      if (store(present, made(key, next, lifetime.apply(key, next)))) {
        return next;
      }
    }
  }

  /// Lets the time of a value begin anew; answers false if there is no fresh one.
  public boolean touch(K key) {
    CacheEntry<K, V> entry = table.get(key);
    if (entry == null || freshValue(entry) == null) {
      return false;
    }
    long now = expires ? clock.getAsLong() : 0;
    entry.written = now;
    entry.accessed = now;
    return true;
  }

  /// Forgets a key; who asks from now on gets a value computed from now on.
  public void invalidate(K key) {
    CacheEntry<K, V> entry = table.get(key);
    if (entry != null) {
      drop(entry, Removal.INVALIDATED);
    }
  }

  /// Forgets every key that has a value the predicate accepts. A load that is running has none yet:
  /// use [#invalidate] for its key, or [#invalidateAll].
  public void invalidateIf(BiPredicate<? super K, ? super V> stale) {
    table.forEach(
        (key, entry) -> {
          V value = entry.value;
          if (value != null && stale.test(key, value)) {
            drop(entry, Removal.INVALIDATED);
          }
        });
  }

  /// Forgets everything, running loads included.
  public void invalidateAll() {
    table.forEach((key, entry) -> drop(entry, Removal.INVALIDATED));
  }

  /// Gives back the memory of all that has expired.
  public void purge() {
    table.forEach((key, entry) -> willExpire(entry));
  }

  /// Ends the cache, as its owner's exit does.
  public void drop() {
    table.drop();
  }

  /// How many keys it holds, running loads and expired values included.
  public long size() {
    return table.size();
  }

  /// What happened since the cache was made.
  public Statistics statistics() {
    return new Statistics(
        hits.sum(),
        misses.sum(),
        loads.sum(),
        failures.sum(),
        evictions.sum(),
        expirations.sum(),
        table.size());
  }

  /// Drops a value that has expired; answers whether it is one that will.
  private boolean willExpire(CacheEntry<K, V> entry) {
    if (entry.value == null) {
      return false;
    }
    if (isExpired(entry, clock.getAsLong())) {
      drop(entry, Removal.EXPIRED);
      return false;
    }
    return entry.lifetimeNanos != FOREVER || afterAccessNanos != FOREVER;
  }

  private void drop(CacheEntry<K, V> entry, Removal why) {
    if (list.remove(entry)) {
      removed(entry, why);
    }
  }

  private void removed(CacheEntry<K, V> entry, Removal why) {
    V value = entry.value;
    if (value != null) {
      switch (why) {
        case EVICTED -> evictions.increment();
        case EXPIRED -> expirations.increment();
        case REPLACED, INVALIDATED -> {}
      }
      if (listener != null) {
        tell(listener, entry.key, value, why);
      }
    }
  }

  private void tell(RemovalListener<? super K, ? super V> told, K key, V value, Removal why) {
    try {
      told.removed(key, value, why);
    } catch (Throwable failure) {
      node.telemetry()
          .execute(
              Event.of(
                  "athanor.cache.listener_failed",
                  Map.of("cache", table.name(), "key", key, "why", why, "cause", failure)));
    }
  }

  private boolean isExpired(CacheEntry<K, V> entry, long now) {
    return now - entry.written >= entry.lifetimeNanos || now - entry.accessed >= afterAccessNanos;
  }

  private @Nullable V freshValue(CacheEntry<K, V> entry) {
    V value = entry.value;
    return value != null && expires && isExpired(entry, clock.getAsLong()) ? null : value;
  }

  private boolean fresh(CacheEntry<K, V> entry) {
    if (!expires) {
      return true;
    }
    long now = clock.getAsLong();
    if (isExpired(entry, now)) {
      return false;
    }
    if (afterAccessNanos != FOREVER) {
      entry.accessed = now;
    }
    return true;
  }

  /// Why a value left a cache.
  public enum Removal {
    /// Its time was over.
    EXPIRED,
    /// The cache was full.
    EVICTED,
    /// Another value was put in its place.
    REPLACED,
    /// Somebody wanted it gone.
    INVALIDATED
  }

  /// Hears of values that left a cache (con_cache: the callback). Called once a value, by whoever
  /// made it leave, after it left; must not block. What it throws reaches nobody, it is the event
  /// `athanor.cache.listener_failed`. Hears nothing of the values that go with the cache's owner.
  @FunctionalInterface
  public interface RemovalListener<K, V> {
    /// A value has left.
    void removed(K key, V value, Removal why);
  }

  /// Counts since a cache was made.
  ///
  /// @param hits values given out, or waited for, that were there or being computed
  /// @param misses askings that found nothing fresh
  /// @param loads loaders started
  /// @param failures loaders that failed
  /// @param evictions values dropped because the cache was full
  /// @param expirations values dropped because their time was over
  /// @param size keys it holds now
  public record Statistics(
      long hits,
      long misses,
      long loads,
      long failures,
      long evictions,
      long expirations,
      long size) {}

  /// What a cache is to be. Not for several threads.
  public static final class Builder<K, V> {
    private static final Duration NEVER = Duration.ofNanos(FOREVER);
    private static final long SECOND = 1_000_000_000L;

    private final String name;
    private long maximumSize = FOREVER;
    private BiFunction<? super K, ? super V, Duration> lifetime = (key, value) -> NEVER;
    private long afterAccessNanos = FOREVER;
    private long sweepNanos = SECOND;
    private @Nullable RemovalListener<? super K, ? super V> listener;
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

    /// A value is fresh for so long after it was computed or put (con_cache: `global_ttl`).
    public Builder<K, V> expireAfterWrite(Duration time) {
      Duration fresh = Duration.ofNanos(nanos(time));
      return expireAfterWrite((key, value) -> fresh);
    }

    /// A value is fresh for as long as the function says, after it was computed or put (con_cache:
    /// the `ttl` of an item). The function runs when the value comes; what it throws fails the load
    /// or the put.
    public Builder<K, V> expireAfterWrite(BiFunction<? super K, ? super V, Duration> time) {
      lifetime = time;
      return this;
    }

    /// A value is fresh for so long after it was last given out (con_cache: `touch_on_read`).
    public Builder<K, V> expireAfterAccess(Duration time) {
      afterAccessNanos = nanos(time);
      return this;
    }

    /// How often the cache is looked through for expired values, 1 s by default (con_cache:
    /// `ttl_check_interval`). Nothing is looked through while the cache is empty or nothing in it
    /// expires.
    public Builder<K, V> sweepEvery(Duration time) {
      sweepNanos = nanos(time);
      return this;
    }

    /// Tells of every value that leaves.
    public Builder<K, V> onRemoval(RemovalListener<? super K, ? super V> told) {
      listener = told;
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

    private static long nanos(Duration time) {
      if (time.isZero() || time.isNegative()) {
        throw new IllegalArgumentException("a value is fresh for some time, got " + time);
      }
      return time.compareTo(NEVER) >= 0 ? FOREVER : time.toNanos();
    }
  }
}

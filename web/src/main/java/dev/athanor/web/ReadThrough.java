package dev.athanor.web;

import dev.athanor.otp.ets.Cache;
import dev.athanor.otp.ets.TableException;
import io.smallrye.mutiny.Uni;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads through a cache that may be absent, or gone while its owner is started anew: then each
/// asking loads. Any thread.
public final class ReadThrough {
  private static final class None extends RuntimeException {
    None() {
      super("there is nothing of that key", null, false, false);
    }
  }

  private ReadThrough() {}

  /// The value of a key.
  public static <K, V> Uni<V> get(@Nullable Cache<K, V> cache, K key, Supplier<Uni<V>> load) {
    if (cache == null) {
      return load.get();
    }
    return Uni.createFrom()
        .completionStage(
            () -> {
              try {
                return cache.get(key, _ -> load.get().subscribeAsCompletionStage());
              } catch (TableException.Gone _) {
                return load.get().subscribeAsCompletionStage();
              }
            });
  }

  /// The value of a key, or null, which is not kept.
  public static <K, V> Uni<@Nullable V> find(
      @Nullable Cache<K, V> cache, K key, Supplier<Uni<@Nullable V>> load) {
    return get(cache, key, () -> load.get().map(ReadThrough::present))
        .<@Nullable V>map(found -> found)
        .onFailure(None.class)
        .recoverWithNull();
  }

  /// Changes what the cache has, unless there is none: then the next who ask load it anyway.
  public static <K, V> void change(@Nullable Cache<K, V> cache, Consumer<Cache<K, V>> change) {
    if (cache != null) {
      try {
        change.accept(cache);
      } catch (TableException.Gone _) {
        return;
      }
    }
  }

  private static <V> V present(@Nullable V found) {
    if (found == null) {
      throw new None();
    }
    return found;
  }
}

package dev.athanor.web;

import dev.athanor.otp.ets.Cache;
import dev.athanor.otp.ets.TableException;
import io.smallrye.mutiny.Uni;
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

  /// Forgets the value of a key: the next who asks loads it.
  public static <K, V> void forget(@Nullable Cache<K, V> cache, K key) {
    if (cache != null) {
      try {
        cache.invalidate(key);
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

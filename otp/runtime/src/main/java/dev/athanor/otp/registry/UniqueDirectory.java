package dev.athanor.otp.registry;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One place a key.
final class UniqueDirectory<K, V> implements Directory<K, V> {

  private final ConcurrentHashMap<K, Place<K, V>> places = new ConcurrentHashMap<>();

  @Nullable Place<K, V> get(K key) {
    return places.get(key);
  }

  @Override
  public @Nullable Place<K, V> enter(Place<K, V> place) {
    return places.putIfAbsent(place.key, place);
  }

  @Override
  public void leave(Place<K, V> place) {
    places.remove(place.key, place);
  }

  @Override
  public void each(K key, Consumer<? super Place<K, V>> action) {
    Place<K, V> place = places.get(key);
    if (place != null) {
      action.accept(place);
    }
  }

  @Override
  public long count(K key) {
    return places.containsKey(key) ? 1 : 0;
  }

  @Override
  public void keys(Consumer<? super K> action) {
    places.keySet().forEach(action);
  }
}

package dev.athanor.otp.registry;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where a registry finds the places of a key.
interface Directory<K, V> {

  /// Enters the place, or answers the one that has its unique key already.
  @Nullable Place<K, V> enter(Place<K, V> place);

  void leave(Place<K, V> place);

  /// Shows the places of a key as they are while it walks, in the order of their arrival.
  void each(K key, Consumer<? super Place<K, V>> action);

  long count(K key);

  void keys(Consumer<? super K> action);
}

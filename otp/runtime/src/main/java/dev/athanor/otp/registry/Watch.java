package dev.athanor.otp.registry;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Owned;
import dev.athanor.otp.process.Pid;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Somebody who is told of everybody who comes to a key and leaves it; to any key, when it has
/// none. Goes with its process.
record Watch<K, V>(
    DuplicateDirectory<K, V> directory, @Nullable K key, Consumer<? super Groups.Change<K>> told)
    implements Owned {

  void joined(Place<K, V> place) {
    told.accept(new Groups.Joined<>(place.key, place.pid));
  }

  void left(Place<K, V> place) {
    told.accept(new Groups.Left<>(place.key, place.pid));
  }

  @Override
  public void ownerExited(Pid<?> owner, ExitReason reason) {
    directory.unwatch(this);
  }
}

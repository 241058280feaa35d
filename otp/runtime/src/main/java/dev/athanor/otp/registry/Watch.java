package dev.athanor.otp.registry;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Owned;
import dev.athanor.otp.process.Pid;
import java.util.function.Consumer;

/// Somebody who is told of everybody who comes to a key and leaves it. Goes with its process.
record Watch<K, V>(
    DuplicateDirectory<K, V> directory, K key, Consumer<? super Groups.Change<K>> told)
    implements Owned {

  void joined(Pid<?> pid) {
    told.accept(new Groups.Joined<>(key, pid));
  }

  void left(Pid<?> pid) {
    told.accept(new Groups.Left<>(key, pid));
  }

  @Override
  public void ownerExited(Pid<?> owner, ExitReason reason) {
    directory.unwatch(this);
  }
}

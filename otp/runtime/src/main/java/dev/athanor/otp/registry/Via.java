package dev.athanor.otp.registry;

import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// A key of a unique registry as the name of a process.
record Via<K, V>(Registry<K, V> registry, K key, V value) implements Name {

  @Override
  public @Nullable Pid<?> claim(Pid<?> pid) {
    return switch (registry.register(pid, key, value)) {
      case Registration.Registered() -> null;
      case Registration.AlreadyRegistered(Pid<?> holder) -> holder;
      case Registration.NoProcess() ->
          throw new IllegalArgumentException(
              "cannot register " + this + " for " + pid + ", which has exited");
    };
  }

  @Override
  public @Nullable Pid<?> whereis(Node node) {
    return registry.whereis(key);
  }

  @Override
  public Collection<String> inUse(Node node) {
    return registry.keys().stream().map(other -> registry.name() + "[" + other + "]").toList();
  }

  @Override
  public String toString() {
    return registry.name() + "[" + key + "]";
  }
}

package dev.athanor.otp.registry;

import dev.athanor.otp.process.Pid;

/// What a listener of a registry hears; the events of one process come in their order.
public sealed interface RegistryEvent<K, V> {

  /// The registry it comes from.
  Registry<K, V> registry();

  /// The key it is about.
  K key();

  /// The process it is about.
  Pid<?> pid();

  /// A process has been registered.
  record Register<K, V>(Registry<K, V> registry, K key, Pid<?> pid, V value)
      implements RegistryEvent<K, V> {}

  /// A process has been unregistered, or has exited.
  record Unregister<K, V>(Registry<K, V> registry, K key, Pid<?> pid)
      implements RegistryEvent<K, V> {}
}

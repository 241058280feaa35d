package dev.athanor.otp.registry;

import dev.athanor.otp.process.Pid;

/// What became of an attempt to register (the answer of Registry.register/3).
public sealed interface Registration {

  /// The process is registered.
  record Registered() implements Registration {}

  /// The key is unique and has a process already, which may be the same one.
  ///
  /// @param pid who has it
  record AlreadyRegistered(Pid<?> pid) implements Registration {}

  /// The process has exited; nothing is registered.
  record NoProcess() implements Registration {}
}

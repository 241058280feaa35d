package dev.athanor.otp.testing;

import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Pid;
import org.jspecify.annotations.Nullable;

/// Which processes a fault is about: one, whoever has a name at the moment, or any that a test
/// chooses.
@FunctionalInterface
public interface Who {
  /// Tells whether a process is meant.
  ///
  /// @param pid the process; null for the world outside: the test itself, and timers
  /// @return whether it is
  boolean is(@Nullable Pid<?> pid);

  /// Everybody, the world outside included.
  ///
  /// @return the choice
  static Who anybody() {
    return pid -> true;
  }

  /// The world outside of all processes.
  ///
  /// @return the choice
  static Who outside() {
    return pid -> pid == null;
  }

  /// One process.
  ///
  /// @param wanted its pid
  /// @return the choice
  static Who pid(Pid<?> wanted) {
    return wanted::equals;
  }

  /// Whoever has the local name when something is sent, a restarted one too.
  ///
  /// @param name the name
  /// @return the choice
  static Who named(String name) {
    return named(Name.local(name));
  }

  /// Whoever has the name when something is sent.
  ///
  /// @param name the name
  /// @return the choice
  static Who named(Name name) {
    return pid -> pid != null && pid.equals(name.whereis(pid.node()));
  }

  /// Everybody else.
  ///
  /// @return the choice
  default Who not() {
    return pid -> !is(pid);
  }
}

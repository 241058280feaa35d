package dev.athanor.otp.process;

import org.jspecify.annotations.Nullable;

/// The part of a [Node] that deals with names: who has one, and what is sent to whoever has it.
abstract sealed class NodeNames extends NodeThreads permits Node {
  private final Names names = new Names();

  abstract Node node();

  abstract LossReport deadLetters();

  /// Who has a name.
  ///
  /// @param name a local name
  /// @return the process, or null
  public @Nullable Pid<?> whereis(String name) {
    return names.whereis(name);
  }

  /// Gives a name to a live process, until the process ends.
  ///
  /// @param name a name nobody has
  /// @param pid the process
  /// @throws IllegalArgumentException when the name is taken or the process is dead
  public void register(String name, Pid<?> pid) {
    Pid<?> holder = Name.local(name).claim(pid);
    if (holder != null) {
      throw new IllegalArgumentException(
          "cannot register the name '" + name + "' for " + pid + ": " + holder + " has it");
    }
  }

  /// Takes a name back.
  ///
  /// @param name a name
  /// @throws IllegalArgumentException when nobody has it
  public void unregister(String name) {
    if (names.release(name) == null) {
      throw new IllegalArgumentException(
          "cannot unregister the name '" + name + "': nobody has it");
    }
  }

  /// Sends a message to whoever has a name.
  ///
  /// @param name the name
  /// @param message the message
  /// @throws IllegalArgumentException when nobody has it, as `!` does with an unknown atom
  public void send(Name name, Object message) {
    Pid<Object> pid = named(name);
    if (pid == null) {
      throw new IllegalArgumentException(name.unknown(node()) + " (sending " + message + ")");
    }
    pid.send(message);
  }

  /// Sends a message to whoever has a name, and says what became of it.
  ///
  /// @param name the name
  /// @param message the message
  /// @return [Pid.Outcome#DEAD] when nobody has it: then the message is a dead letter
  public Pid.Outcome trySend(Name name, Object message) {
    Pid<Object> pid = named(name);
    if (pid == null) {
      deadLetters().note(name, message);
      return Pid.Outcome.DEAD;
    }
    return pid.trySend(message);
  }

  @SuppressWarnings("unchecked")
  private @Nullable Pid<Object> named(Name name) {
    return (Pid<Object>) name.whereis(node());
  }

  Names names() {
    return names;
  }
}

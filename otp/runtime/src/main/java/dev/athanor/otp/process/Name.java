package dev.athanor.otp.process;

import org.jspecify.annotations.Nullable;

/// A name a process is started under, and through which others find it.
///
/// [#local] is a name on the node itself; registries offer names of their own (`{via, ..}`). May be
/// used from any thread.
public interface Name {
  /// Gives the name to a live process until it ends, if nobody has it.
  ///
  /// @param pid the process
  /// @return null when it has the name now; otherwise who has it
  @Nullable Pid<?> claim(Pid<?> pid);

  /// Who has the name.
  ///
  /// @param node where to look
  /// @return the process, or null
  @Nullable Pid<?> whereis(Node node);

  /// A name on the node itself.
  ///
  /// @param name not blank
  /// @return the name
  static Name local(String name) {
    return new LocalName(name);
  }
}

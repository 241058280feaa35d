package dev.athanor.otp.process;

import java.util.Collection;
import java.util.List;
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

  /// Names of the same sort that somebody has, to find what was meant by one that nobody has.
  ///
  /// @param node where to look
  /// @return the names as they are written; empty when that is not known, which is the default
  default Collection<String> inUse(Node node) {
    return List.of();
  }

  /// Says that nobody has this name, and which similar one somebody has.
  ///
  /// @param node where it was looked for
  /// @return a sentence for an error
  default String unknown(Node node) {
    String similar = nearest(toString(), inUse(node));
    return "no process has the name '"
        + this
        + "'"
        + (similar == null ? "" : "; did you mean '" + similar + "'?");
  }

  /// What was probably meant by a name that does not exist: the one that differs by the fewest
  /// letters, if they are at most a third of them and at most four. Case does not count.
  ///
  /// @param wanted the name
  /// @param known those that exist
  /// @return one of them, or null when none is near
  static @Nullable String nearest(String wanted, Collection<String> known) {
    return Nearest.to(wanted, known);
  }

  /// A name on the node itself.
  ///
  /// @param name not blank
  /// @return the name
  static Name local(String name) {
    return new LocalName(name);
  }
}

package dev.athanor.otp.process;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// A name in the node's own table.
record LocalName(String name) implements Name {
  LocalName {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a process needs a name that is not blank");
    }
  }

  @Override
  public @Nullable Pid<?> claim(Pid<?> pid) {
    return pid.node().names().claim(name, pid);
  }

  @Override
  public @Nullable Pid<?> whereis(Node node) {
    return node.whereis(name);
  }

  @Override
  public Collection<String> inUse(Node node) {
    return node.names().all();
  }

  @Override
  public String toString() {
    return name;
  }
}

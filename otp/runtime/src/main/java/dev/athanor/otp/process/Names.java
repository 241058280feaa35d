package dev.athanor.otp.process;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The local names of a node. Whoever puts an entry in attaches it to the process, whose end takes
/// it out again; an entry is removed by itself only, so that a late release cannot hit a new owner.
final class Names {
  private final ConcurrentMap<String, Hold> holds = new ConcurrentHashMap<>();

  /// Gives the name to the process.
  ///
  /// @return null, or who has it already
  @Nullable Pid<?> claim(String name, Pid<?> pid) {
    Hold hold = new Hold(name, pid);
    while (true) {
      Hold existing = holds.putIfAbsent(name, hold);
      if (existing == null) {
        break;
      }
      if (existing.pid.isAlive() || existing.pid.equals(pid)) {
        return existing.pid;
      }
      holds.remove(name, existing);
    }
    if (!pid.node().own(pid, hold)) {
      holds.remove(name, hold);
      throw new IllegalArgumentException(
          "cannot register the name '" + name + "' for " + pid + ": it is not alive");
    }
    return null;
  }

  @Nullable Pid<?> whereis(String name) {
    Hold hold = holds.get(name);
    return hold == null ? null : hold.pid;
  }

  @Nullable Pid<?> release(String name) {
    Hold hold = holds.remove(name);
    if (hold == null) {
      return null;
    }
    hold.pid.node().disown(hold.pid, hold);
    return hold.pid;
  }

  Collection<String> all() {
    return holds.keySet();
  }

  final class Hold implements Owned {
    private final String name;
    private final Pid<?> pid;

    private Hold(String name, Pid<?> pid) {
      this.name = name;
      this.pid = pid;
    }

    String name() {
      return name;
    }

    @Override
    public void ownerExited(Pid<?> owner, ExitReason reason) {
      holds.remove(name, this);
    }
  }
}

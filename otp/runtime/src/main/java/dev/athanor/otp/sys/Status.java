package dev.athanor.otp.sys;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.ProcessInfo;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What there is to know about a process, taken by the process itself.
///
/// @param pid the process
/// @param module the class of its callbacks
/// @param suspended whether it is suspended
/// @param parent who started it and is obeyed when it ends; null when nobody is
/// @param debug what watches it: statistics, log, traces, installed functions
/// @param state its state as `formatStatus` shows it; null when it has none to show
/// @param info mailbox, links, monitors, names
public record Status(
    Pid<?> pid,
    String module,
    boolean suspended,
    @Nullable Pid<?> parent,
    List<String> debug,
    @Nullable Object state,
    ProcessInfo info) {
  /// Keeps its own copy of the list.
  public Status {
    debug = List.copyOf(debug);
  }

  static Status of(Behavior.Live live) {
    Behavior.Inside inside = live.inside();
    ProcessInfo info = live.pid().node().info(live.pid());
    return new Status(
        live.pid(),
        Objects.requireNonNullElse(inside.module(), info.behavior()),
        live.suspended(),
        inside.parent(),
        live.watcher() instanceof DebugTools tools ? tools.names() : List.of(),
        inside.status(),
        info);
  }
}

package dev.athanor.otp.sys;

import dev.athanor.otp.process.Pid;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// Watches single processes from the inside: counts, logs, and functions of one's own that are told
/// of every system event. A process nobody watches pays nothing for it.
///
/// The functions have the rules of [Sys]. To watch for a limited number of events, or many
/// processes at once, use [Trace].
///
/// Corresponds to `statistics`, `log`, `install`, `remove` and `no_debug` of Erlang's `sys`.
public final class Debug {
  /// A function that is told what a process does, in the turns of the process: it must be quick and
  /// must not block. One that throws is removed, which is the telemetry event
  /// `athanor.sys.debug_failed`; the process goes on.
  @FunctionalInterface
  public interface Function {
    /// Something happened.
    ///
    /// @param event what
    /// @return whether to go on; false removes the function
    boolean saw(TraceEvent event);
  }

  private Debug() {}

  /// Switches counting on, from zero, or off.
  ///
  /// @param pid the process
  /// @param on whether to count
  /// @return completes when it is done
  public static CompletionStage<@Nullable Void> statistics(Pid<?> pid, boolean on) {
    return SysCall.change(
        pid,
        Sys.TIMEOUT,
        live -> {
          if (on) {
            DebugTools.add(live, DebugTools.STATISTICS, new DebugTools.Counter(live));
          } else {
            DebugTools.remove(live, DebugTools.STATISTICS);
          }
        });
  }

  /// What was counted so far.
  ///
  /// @param pid the process
  /// @return the numbers, or nothing while counting is off
  public static CompletionStage<Optional<Statistics>> statistics(Pid<?> pid) {
    return SysCall.ask(
        pid,
        Sys.TIMEOUT,
        live ->
            DebugTools.find(live, DebugTools.STATISTICS) instanceof DebugTools.Counter counter
                ? Optional.of(counter.read(live))
                : Optional.empty());
  }

  /// Keeps the last events of a process, from now on.
  ///
  /// @param pid the process
  /// @param size how many; zero ends it
  /// @return completes when it is done
  public static CompletionStage<@Nullable Void> log(Pid<?> pid, int size) {
    if (size < 0) {
      throw new IllegalArgumentException(
          "a log keeps a number of events, or 0 to end it; got " + size);
    }
    return SysCall.change(
        pid,
        Sys.TIMEOUT,
        live -> {
          if (size > 0) {
            DebugTools.add(live, DebugTools.LOG, new DebugTools.Log(size));
          } else {
            DebugTools.remove(live, DebugTools.LOG);
          }
        });
  }

  /// The last events of a process.
  ///
  /// @param pid the process
  /// @return the events, the oldest first; none unless [#log(Pid, int)] was called before
  public static CompletionStage<List<TraceEvent>> log(Pid<?> pid) {
    return SysCall.ask(
        pid,
        Sys.TIMEOUT,
        live ->
            DebugTools.find(live, DebugTools.LOG) instanceof DebugTools.Log log
                ? log.read()
                : List.of());
  }

  /// Has a function told what a process does.
  ///
  /// @param pid the process
  /// @param id what to remove it by; an existing one stays, as in OTP
  /// @param function the function
  /// @return whether it was installed
  public static CompletionStage<Boolean> install(Pid<?> pid, Object id, Function function) {
    return SysCall.ask(
        pid,
        Sys.TIMEOUT,
        live -> {
          Installed key = new Installed(id);
          if (DebugTools.find(live, key) != null) {
            return false;
          }
          DebugTools.add(live, key, function::saw);
          return true;
        });
  }

  /// Takes a function back.
  ///
  /// @param pid the process
  /// @param id what it was installed by
  /// @return whether it was there
  public static CompletionStage<Boolean> remove(Pid<?> pid, Object id) {
    return SysCall.ask(pid, Sys.TIMEOUT, live -> DebugTools.remove(live, new Installed(id)));
  }

  /// Ends everything that watches a process, traces included.
  ///
  /// @param pid the process
  /// @return completes when it is done
  public static CompletionStage<@Nullable Void> none(Pid<?> pid) {
    return SysCall.change(pid, Sys.TIMEOUT, DebugTools::clear);
  }

  private record Installed(Object id) {
    @Override
    public String toString() {
      return String.valueOf(id);
    }
  }
}

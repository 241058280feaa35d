package dev.athanor.otp.sys;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.Behavior.SystemEvent;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.telemetry.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that watches one process. It is the watcher of the process while there is anything in
/// it; belongs to the turns of the process.
final class DebugTools implements Behavior.Watcher {
  /// One thing that watches.
  interface Tool {
    /// Something happened.
    ///
    /// @return whether the tool wants to hear more
    boolean saw(TraceEvent event);

    /// Everything that watches the process was taken away.
    default void cleared() {}
  }

  /// Counts.
  static final class Counter implements Tool {
    private final long startNanos;
    private final long startHandled;
    private long in;
    private long out;

    Counter(Behavior.Live live) {
      startNanos = live.pid().node().scheduler().nanoTime();
      startHandled = live.handled();
    }

    @Override
    public boolean saw(TraceEvent event) {
      switch (event.event().what()) {
        case IN -> in++;
        case OUT -> out++;
        case NO_REPLY,
            CONTINUE,
            ENTER,
            POSTPONE,
            CONSUME,
            START_TIMER,
            INSERT_TIMEOUT,
            CODE_CHANGE,
            TERMINATE,
            EXIT -> {}
      }
      return true;
    }

    Statistics read(Behavior.Live live) {
      return new Statistics(
          startNanos,
          live.pid().node().scheduler().nanoTime(),
          live.handled() - startHandled,
          in,
          out);
    }
  }

  /// Keeps the last events.
  static final class Log implements Tool {
    private final int size;
    private final Deque<TraceEvent> last = new ArrayDeque<>();

    Log(int size) {
      this.size = size;
    }

    @Override
    public boolean saw(TraceEvent event) {
      if (last.size() == size) {
        last.removeFirst();
      }
      last.addLast(event);
      return true;
    }

    List<TraceEvent> read() {
      return List.copyOf(last);
    }
  }

  /// Names of the tools that are there once at most.
  static final String STATISTICS = "statistics";

  static final String LOG = "log";

  private final Pid<?> pid;
  private final Map<Object, Tool> tools = new LinkedHashMap<>(2);

  private DebugTools(Pid<?> pid) {
    this.pid = pid;
  }

  /// The tools of a process, if it has any.
  static @Nullable DebugTools find(Behavior.Live live) {
    return live.watcher() instanceof DebugTools tools ? tools : null;
  }

  static @Nullable Tool find(Behavior.Live live, Object id) {
    DebugTools tools = find(live);
    return tools == null ? null : tools.tools.get(id);
  }

  static void add(Behavior.Live live, Object id, Tool tool) {
    DebugTools tools = find(live);
    if (tools == null) {
      tools = new DebugTools(live.pid());
      live.watch(tools);
    }
    tools.tools.put(id, tool);
  }

  static boolean remove(Behavior.Live live, Object id) {
    DebugTools tools = find(live);
    if (tools == null) {
      return false;
    }
    boolean there = tools.tools.remove(id) != null;
    if (tools.tools.isEmpty()) {
      live.watch(null);
    }
    return there;
  }

  static void clear(Behavior.Live live) {
    DebugTools tools = find(live);
    live.watch(null);
    if (tools != null) {
      tools.tools.values().forEach(Tool::cleared);
      tools.tools.clear();
    }
  }

  List<String> names() {
    return tools.keySet().stream().map(String::valueOf).toList();
  }

  @Override
  public void saw(SystemEvent event) {
    if (tools.isEmpty()) {
      return;
    }
    TraceEvent seen = new TraceEvent(pid, pid.node().scheduler().nanoTime(), event);
    for (Map.Entry<Object, Tool> entry : List.copyOf(tools.entrySet())) {
      boolean more;
      try {
        more = entry.getValue().saw(seen);
      } catch (Throwable failure) {
        more = false;
        pid.node()
            .telemetry()
            .execute(
                Event.of(
                    "athanor.sys.debug_failed",
                    Map.of("pid", pid, "tool", entry.getKey(), "cause", failure)));
      }
      if (!more) {
        tools.remove(entry.getKey());
      }
    }
    if (tools.isEmpty()) {
      pid.node().system(pid, new Cleanup());
    }
  }

  /// Gives the process its speed back when the last tool has left by itself.
  private static final class Cleanup implements Behavior.SystemRequest {
    @Override
    public void serve(Behavior.Live process) {
      DebugTools tools = find(process);
      if (tools != null && tools.tools.isEmpty()) {
        process.watch(null);
      }
    }

    @Override
    public void refused(ExitReason reason) {}
  }
}

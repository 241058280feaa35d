package dev.athanor.otp.process;

import dev.athanor.otp.telemetry.Event;
import dev.athanor.otp.telemetry.Telemetry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds callbacks that hold an event loop for too long, and tells of each once:
/// `athanor.process.loop_held`.
///
/// It looks from a thread of its own, four times in the time that is allowed, at what each loop of
/// its node is doing. Processes pay one plain store a turn for it. A callback is the same one while
/// its thread is in the same turn and its process has handled the same number of messages; all of
/// that is read without order and at worst delays a report by one look. The stack is taken only of
/// a thread that is to be reported. Its own fields belong to its thread.
final class Watchdog implements Runnable {
  private static final int LOOKS = 4;

  /// What one loop did when it was last looked at.
  private static final class Sight {
    long turn = -1;
    long handled = -1;
    long since;
    boolean told;
  }

  private final Node node;
  private final long allowedNanos;
  private final Map<Strand, Sight> sights = new HashMap<>();

  private Watchdog(Node node, long allowedNanos) {
    this.node = node;
    this.allowedNanos = allowedNanos;
  }

  /// Begins to watch a node.
  static Scheduler.Cancellable on(Node node, long allowedNanos) {
    return node.scheduler()
        .watch(Math.max(1, allowedNanos / LOOKS), new Watchdog(node, allowedNanos));
  }

  @Override
  public void run() {
    for (Strand strand : node.strands()) {
      Carrier carrier = strand.carrier();
      if (carrier != null) {
        look(strand, carrier);
      }
    }
  }

  private void look(Strand strand, Carrier carrier) {
    Cell<?> cell = carrier.cell;
    if (cell == null || cell.node() != node) {
      sights.remove(strand);
      return;
    }
    Sight sight = sights.computeIfAbsent(strand, first -> new Sight());
    long now = System.nanoTime();
    long turn = carrier.turns;
    long handled = cell.handled();
    if (sight.turn != turn || sight.handled != handled) {
      sight.turn = turn;
      sight.handled = handled;
      sight.since = now;
      sight.told = false;
    } else if (!sight.told && now - sight.since >= allowedNanos) {
      sight.told = true;
      report(cell, carrier, turn, now - sight.since);
    }
  }

  private void report(Cell<?> cell, Carrier carrier, long turn, long heldNanos) {
    Telemetry telemetry = node.telemetry();
    if (!telemetry.isAttached("athanor.process.loop_held")) {
      return;
    }
    ProcessInfo info = Look.at(cell);
    List<StackTraceElement> stack = userFrames(carrier.thread.getStackTrace());
    if (carrier.turns != turn) {
      return;
    }
    String callback = info.callback();
    telemetry.execute(
        new Event(
            "athanor.process.loop_held",
            Map.of("held", heldNanos, "allowed", allowedNanos),
            Map.of(
                "pid",
                cell,
                "behavior",
                info.behavior(),
                "callback",
                callback == null ? "" : callback,
                "thread",
                carrier.thread.getName(),
                "stack",
                stack)));
  }

  /// Down to the turn; what lies below is the same for everybody.
  private static List<StackTraceElement> userFrames(StackTraceElement[] stack) {
    for (int i = 0; i < stack.length; i++) {
      if (stack[i].getClassName().equals(Cell.class.getName())) {
        return List.copyOf(Arrays.asList(stack).subList(0, i));
      }
    }
    return List.of(stack);
  }
}

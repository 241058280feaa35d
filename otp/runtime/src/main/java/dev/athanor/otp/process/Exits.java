package dev.athanor.otp.process;

import dev.athanor.otp.telemetry.Event;
import dev.athanor.otp.telemetry.Telemetry;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to be done when a process ends, step by step, and when something cannot be delivered.
final class Exits {
  private static final Behavior<Object> GONE =
      new Behavior<>() {
        @Override
        public void onMessage(Self<Object> self, Object message) {}
      };

  private Exits() {}

  @SuppressWarnings("unchecked")
  static <M> Behavior<M> gone() {
    return (Behavior<M>) GONE;
  }

  /// First: give back what the process owns, and call its timers off.
  static void release(Cell<?> cell, ExitReason reason) {
    Extras extras = cell.extras();
    for (Owned property : extras.close()) {
      try {
        property.ownerExited(cell, reason);
      } catch (Throwable failure) {
        failed(cell, property, failure);
      }
    }
    RefSet.forEach(extras.timers, timer -> ((TimerRef) timer).cancel());
    extras.timers = null;
  }

  /// Second: whoever waits in the mailbox learns that nobody will look at it.
  static void refuse(Cell<?> cell, ExitReason reason, Mailbox.@Nullable Envelope first) {
    for (Mailbox.Envelope e = first; e != null; e = e.next) {
      try {
        refuse(cell, reason, e.payload);
      } catch (Throwable failure) {
        failed(cell, e.payload, failure);
      }
    }
  }

  private static void failed(Cell<?> cell, Object what, Throwable failure) {
    cell.node()
        .telemetry()
        .execute(
            Event.of(
                "athanor.process.release_failed",
                Map.of("pid", cell, "property", what, "cause", failure)));
  }

  static void refuseReversed(
      Cell<?> cell, ExitReason reason, Mailbox.@Nullable Envelope top, Mailbox.Envelope bottom) {
    Mailbox.Envelope first = null;
    Mailbox.Envelope rest = top;
    while (rest != null && rest != bottom) {
      Mailbox.Envelope next = rest.next;
      rest.next = first;
      first = rest;
      rest = next;
    }
    refuse(cell, reason, first);
  }

  private static void refuse(Cell<?> cell, ExitReason reason, Object payload) {
    if (payload instanceof Bound.Letter letter) {
      Object content = letter.open();
      if (content != null) {
        undelivered(cell, content, reason);
      }
    } else if (payload instanceof Control control) {
      control.refused(cell);
    } else {
      undelivered(cell, payload, reason);
    }
  }

  /// Third: links, monitors and listeners hear of it.
  static void announce(Cell<?> cell, ExitReason reason, Behavior<?> behavior) {
    Pid<?> starter = behavior.starter();
    Extras extras = cell.extras();
    Object links = extras.links;
    Object watchers = extras.watchers;
    Object monitors = extras.monitors;
    extras.links = null;
    extras.watchers = null;
    extras.monitors = null;
    extras.unlinking = null;
    RefSet.forEach(
        links,
        other -> {
          Cell<?> linked = (Cell<?>) other;
          linked.signal(
              new Signals.Exit(
                  cell,
                  reason,
                  linked.equals(starter) ? Signals.Exit.Via.FAILED_START : Signals.Exit.Via.LINK));
        });
    RefSet.forEach(
        watchers,
        watcher -> {
          if (watcher instanceof MonitorRef ref) {
            ref.watcher().push(new Signals.Down(ref, reason));
          }
        });
    RefSet.forEach(
        monitors,
        monitor -> {
          MonitorRef ref = (MonitorRef) monitor;
          ref.target().push(new Signals.Demonitor(ref));
        });
    RefSet.forEach(
        watchers,
        watcher -> {
          if (watcher instanceof Signals.Watch watch) {
            Node.complete(watch.ended(), reason);
          }
        });
    Telemetry telemetry = cell.node().telemetry();
    String name = reason.isOrderly() ? "athanor.process.exited" : "athanor.process.crashed";
    if (telemetry.isAttached(name)) {
      telemetry.execute(
          Event.of(
              name, Map.of("pid", cell, "reason", reason, "behavior", Look.description(behavior))));
    }
  }

  static void undelivered(Cell<?> cell, Object message, ExitReason reason) {
    if (message instanceof Pid.Undelivered interested) {
      interested.undelivered(cell, reason);
      return;
    }
    Telemetry telemetry = cell.node().telemetry();
    if (telemetry.isAttached("athanor.process.dead_letter")) {
      telemetry.execute(
          Event.of(
              "athanor.process.dead_letter",
              Map.of("pid", cell, "message", Pid.content(message), "reason", reason)));
    }
    cell.node().deadLetters().note(cell, message);
  }
}

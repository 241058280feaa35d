package dev.athanor.otp.statem;

import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.TimerRef;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.statem.StateAction.Own;
import dev.athanor.otp.statem.StateAction.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The timers of one machine. A timeout of zero is none: it waits in a queue of its own, which the
/// machine looks at when no other event waits inside it, and can be called off until then.
///
/// Belongs to the turns of the machine.
final class Timeouts {
  /// What a timer sends to the machine; stale unless it is the one that is waited for.
  static final class Ring {
    private final Timer timer;
    private Object content;
    private @Nullable TimerRef ref;

    private Ring(Timer timer, Object content) {
      this.timer = timer;
      this.content = content;
    }
  }

  private final Map<Timer, Ring> running = new HashMap<>(2);
  private final Map<Timer, Object> due = new LinkedHashMap<>(2);

  /// Does what an action asks.
  ///
  /// @return whether it became due at once
  boolean act(ServerSelf<?> self, StateAction action) {
    switch (action) {
      case StateAction.Start start -> {
        cancel(self, start.timer());
        if (start.after().isPositive()) {
          start(self, start.timer(), start.after(), start.content());
        } else {
          due.put(start.timer(), start.content());
          return true;
        }
      }
      case StateAction.Cancel cancel -> cancel(self, cancel.timer());
      case StateAction.Update update -> {
        Ring ring = running.get(update.timer());
        if (ring == null) {
          due.put(update.timer(), update.content());
          return true;
        }
        ring.content = update.content();
      }
      case StateAction.Postpone _,
          StateAction.NextEvent _,
          StateAction.Reply _,
          StateAction.Hibernate _ ->
          throw new IllegalArgumentException("not a matter of time: " + action);
    }
    return false;
  }

  @SuppressWarnings("unchecked")
  private void start(ServerSelf<?> self, Timer timer, Duration after, Object content) {
    Ring ring = new Ring(timer, content);
    ring.ref = self.sendAfter(after, (Pid<Object>) (Pid<?>) self.pid(), ring);
    running.put(timer, ring);
  }

  void cancel(ServerSelf<?> self, Timer timer) {
    if (!due.isEmpty()) {
      due.remove(timer);
    }
    if (!running.isEmpty()) {
      Ring ring = running.remove(timer);
      if (ring != null) {
        self.cancel(Objects.requireNonNull(ring.ref));
      }
    }
  }

  /// A timer rang.
  ///
  /// @return its event, or null when it was called off meanwhile
  <M> @Nullable Event<M> rang(Ring ring) {
    return running.remove(ring.timer, ring) ? event(ring.timer, ring.content) : null;
  }

  /// Takes the first of the timeouts that are due at once.
  <M> @Nullable Event<M> pollDue() {
    if (due.isEmpty()) {
      return null;
    }
    var first = due.entrySet().iterator();
    Map.Entry<Timer, Object> next = first.next();
    Timer timer = next.getKey();
    Object content = next.getValue();
    first.remove();
    return event(timer, content);
  }

  private static <M> Event<M> event(Timer timer, Object content) {
    return switch (timer) {
      case Own.STATE -> new Event.StateTimeout<>(content);
      case Own.EVENT -> new Event.EventTimeout<>(content);
      case StateAction.Named(Object name) -> new Event.Timeout<>(name, content);
    };
  }

  /// What runs, to be read.
  Map<String, Object> status() {
    Map<String, Object> all = new LinkedHashMap<>();
    running.forEach((timer, ring) -> all.put(timer.toString(), ring.content));
    due.forEach((timer, content) -> all.put(timer.toString(), content));
    return all;
  }
}

package dev.athanor.otp.process;

import dev.athanor.otp.telemetry.Event;
import dev.athanor.otp.telemetry.Telemetry;
import java.util.Map;

/// Tells of lost messages in a form that is fit for a log: the first few of a second one by one,
/// then how many more there were. Its fields are guarded by its lock.
final class LossReport {
  static final int SAMPLES = 5;
  static final long WINDOW_NANOS = 1_000_000_000;

  private final Scheduler scheduler;
  private final Telemetry telemetry;
  private final String event;
  private long windowStart;
  private int sampled;
  private long counted;

  LossReport(Scheduler scheduler, Telemetry telemetry, String event) {
    this.scheduler = scheduler;
    this.telemetry = telemetry;
    this.event = event;
  }

  /// A message was lost.
  ///
  /// @param receiver its pid, or the name nobody has
  void note(Object receiver, Object message) {
    if (!telemetry.isAttached(event)) {
      return;
    }
    long wait = -1;
    synchronized (this) {
      long now = scheduler.nanoTime();
      if (counted == 0 && (sampled == 0 || now - windowStart >= WINDOW_NANOS)) {
        windowStart = now;
        sampled = 0;
      }
      if (sampled < SAMPLES) {
        sampled++;
      } else {
        if (counted++ > 0) {
          return;
        }
        wait = Math.max(0, windowStart + WINDOW_NANOS - now);
      }
    }
    if (wait < 0) {
      telemetry.execute(
          new Event(
              event,
              Map.of("count", 1L),
              Map.of("receiver", receiver, "message", Pid.content(message))));
    } else {
      scheduler.schedule(wait, this::endWindow);
    }
  }

  private void endWindow() {
    long more;
    synchronized (this) {
      more = counted;
      counted = 0;
      sampled = 0;
    }
    telemetry.execute(new Event(event, Map.of("count", more), Map.of()));
  }
}

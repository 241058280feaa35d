package dev.athanor.otp.server;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.telemetry.Event;
import dev.athanor.otp.telemetry.Telemetry;
import java.util.Map;

/// The event that tells of a server which ends for a bad reason: `athanor.server.crashed`.
final class CrashReport {
  private static final String NAME = "athanor.server.crashed";

  private CrashReport() {}

  /// Reports, when anybody listens, before the server cleans up.
  static void emit(
      Pid<?> pid, String module, Behavior.Inside inside, ExitReason reason, Object last) {
    Telemetry telemetry = pid.node().telemetry();
    if (telemetry.isAttached(NAME)) {
      telemetry.execute(
          Event.of(
              NAME,
              Map.of(
                  "pid", pid,
                  "server", module,
                  "reason", reason,
                  "last", last,
                  "state", summary(inside))));
    }
  }

  private static String summary(Behavior.Inside inside) {
    try {
      return String.valueOf(inside.status());
    } catch (Throwable failure) {
      return "formatStatus threw " + failure;
    }
  }
}

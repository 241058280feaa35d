package dev.athanor.otp.process;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a process is to be spawned.
///
/// @param kind the sort of thread; [Kind#EVENT_LOOP] by default
/// @param lane a particular lane of that kind; null lets the scheduler choose
/// @param trapExit whether it traps exits from its first instant
/// @param callers on whose behalf it works, nearest first; see [Node#callers(Pid)]; of a longer
///   chain the nearest sixteen are kept
/// @param mailbox how many messages may wait; null for any number, which is the default and the
///   fastest
public record SpawnOptions(
    Kind kind,
    @Nullable Lane lane,
    boolean trapExit,
    List<Pid<?>> callers,
    @Nullable Mailbox mailbox) {
  private static final int CALLERS = 16;

  /// On an event loop: the caller's own when it runs on one.
  public static final SpawnOptions DEFAULT =
      new SpawnOptions(Kind.EVENT_LOOP, null, false, List.of(), null);

  /// Which message is lost when one comes to a full mailbox. Every loss is a telemetry event,
  /// `athanor.process.message_dropped`; `athanor.process.messages_dropped` tells of the first five
  /// of a second and then of the number of the others.
  public enum Overflow {
    /// The new one, and [Pid#trySend] says so.
    REJECT,
    /// The new one; the sender need not care.
    DROP_NEWEST,
    /// The one that has waited longest: for messages of which the latest counts.
    DROP_OLDEST
  }

  /// A bound on the messages that wait for a process.
  ///
  /// Only what others send counts: exit signals, downs, continuations, timers and requests to stop
  /// are never counted, refused or dropped. A message that is being handled does not wait any more.
  /// A call that is lost fails at once. OTP has no counterpart; its nearest is `max_heap_size`,
  /// which kills.
  ///
  /// @param limit how many may wait, at least 1
  /// @param overflow what happens to one too many
  public record Mailbox(int limit, Overflow overflow) {
    /// Refuses a limit below 1.
    public Mailbox {
      if (limit < 1) {
        throw new IllegalArgumentException("a mailbox needs a limit of at least 1, got " + limit);
      }
    }
  }

  /// Refuses a lane of another kind.
  public SpawnOptions {
    callers = List.copyOf(callers.size() > CALLERS ? callers.subList(0, CALLERS) : callers);
    if (lane != null && lane.kind() != kind) {
      throw new IllegalArgumentException(
          "a process of kind " + kind + " cannot run on a lane of kind " + lane.kind());
    }
  }

  /// On a thread of this kind.
  ///
  /// @param kind the kind
  /// @return the options
  public static SpawnOptions of(Kind kind) {
    return kind == Kind.EVENT_LOOP ? DEFAULT : new SpawnOptions(kind, null, false, List.of(), null);
  }

  /// On this very lane, a socket's event loop for instance.
  ///
  /// @param lane the lane
  /// @return the options
  public static SpawnOptions on(Lane lane) {
    return new SpawnOptions(lane.kind(), lane, false, List.of(), null);
  }

  /// The same, trapping exits or not from the first instant.
  ///
  /// @param trap whether to trap
  /// @return the options
  public SpawnOptions trapExit(boolean trap) {
    return new SpawnOptions(kind, lane, trap, callers, mailbox);
  }

  /// The same, on behalf of others.
  ///
  /// @param value the chain of callers, nearest first
  /// @return the options
  public SpawnOptions callers(List<Pid<?>> value) {
    return new SpawnOptions(kind, lane, trapExit, value, mailbox);
  }

  /// The same with a bounded mailbox.
  ///
  /// @param limit how many messages may wait, at least 1
  /// @param overflow what happens to one too many
  /// @return the options
  public SpawnOptions mailbox(int limit, Overflow overflow) {
    return new SpawnOptions(kind, lane, trapExit, callers, new Mailbox(limit, overflow));
  }
}

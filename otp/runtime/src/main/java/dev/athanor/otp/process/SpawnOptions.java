package dev.athanor.otp.process;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a process is to be spawned.
///
/// @param kind the sort of thread; [Kind#EVENT_LOOP] by default
/// @param lane a particular lane of that kind; null lets the scheduler choose
/// @param trapExit whether it traps exits from its first instant
/// @param callers on whose behalf it works, nearest first; see [Node#callers(Pid)]
public record SpawnOptions(Kind kind, @Nullable Lane lane, boolean trapExit, List<Pid<?>> callers) {
  /// On an event loop: the caller's own when it runs on one.
  public static final SpawnOptions DEFAULT =
      new SpawnOptions(Kind.EVENT_LOOP, null, false, List.of());

  /// Refuses a lane of another kind.
  public SpawnOptions {
    callers = List.copyOf(callers);
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
    return kind == Kind.EVENT_LOOP ? DEFAULT : new SpawnOptions(kind, null, false, List.of());
  }

  /// On this very lane, a socket's event loop for instance.
  ///
  /// @param lane the lane
  /// @return the options
  public static SpawnOptions on(Lane lane) {
    return new SpawnOptions(lane.kind(), lane, false, List.of());
  }

  /// The same, trapping exits or not from the first instant.
  ///
  /// @param trap whether to trap
  /// @return the options
  public SpawnOptions trapExit(boolean trap) {
    return new SpawnOptions(kind, lane, trap, callers);
  }

  /// The same, on behalf of others.
  ///
  /// @param value the chain of callers, nearest first
  /// @return the options
  public SpawnOptions callers(List<Pid<?>> value) {
    return new SpawnOptions(kind, lane, trapExit, value);
  }
}

package dev.athanor.otp.process;

/// Where turns of processes run: a queue in front of one thread (event loop) or several.
///
/// Part of the SPI behind [Scheduler]. A process never has more than one turn in a lane at a time,
/// so a lane with several threads needs no care for the order of turns. A lane that has several
/// turns waiting runs them in the order of arrival, so that nobody starves.
public interface Lane {
  /// What kind of thread this lane has.
  ///
  /// @return the kind
  Kind kind();

  /// Tells whether the calling thread is this lane's own and only one, so that what is confined to
  /// the lane may be touched right now.
  ///
  /// @return false on any other thread, and always for a lane with several threads
  default boolean isCurrent() {
    return false;
  }

  /// Queues one turn. May be called from any thread; never blocks, never throws, and never runs the
  /// turn before it returns. After the scheduler was closed the turn is dropped.
  ///
  /// @param turn what to run; it does not throw
  void execute(Runnable turn);
}

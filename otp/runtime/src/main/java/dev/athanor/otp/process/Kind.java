package dev.athanor.otp.process;

/// The sort of thread a process runs on, chosen when it is spawned.
///
/// Corresponds to the BEAM's normal and dirty schedulers.
public enum Kind {
  /// One of a few event loops shared with everybody else: the default. Its callbacks must not
  /// block.
  EVENT_LOOP,
  /// A virtual thread: its callbacks may block on I/O or locks. [ExitReason.Kill] interrupts the
  /// thread of a callback; the process ends when the callback has returned or thrown, so one that
  /// goes on in spite of an interrupt keeps it, and a supervisor that stops it, waiting. Other exit
  /// signals wait for the end of the callback.
  VIRTUAL_THREAD,
  /// A pool of as many platform threads as the machine has cores, for callbacks that compute for
  /// long (the dirty CPU scheduler). Interrupted as a virtual thread is; a long computation may ask
  /// [Node#isKilled] now and then.
  WORKER
}

package dev.athanor.otp.sys;

import dev.athanor.otp.process.Behavior.SystemEvent;
import dev.athanor.otp.process.Pid;

/// One thing one process did.
///
/// @param pid the process
/// @param nanos when, by the clock of the scheduler
/// @param event what
public record TraceEvent(Pid<?> pid, long nanos, SystemEvent event) {
  @Override
  public String toString() {
    return pid
        + switch (event.what()) {
          case IN -> (event.peer() == null ? " got " : " was called ") + event.subject();
          case OUT -> " replied " + event.subject();
          case NO_REPLY -> " done, state " + event.state();
          case CONTINUE -> " continues with " + event.subject();
          case ENTER -> " entered state " + event.state() + " from " + event.subject();
          case POSTPONE -> " postponed " + event.subject() + " in state " + event.state();
          case CONSUME -> " consumed " + event.subject() + ", state " + event.state();
          case START_TIMER -> " started " + event.subject();
          case INSERT_TIMEOUT -> " inserted " + event.subject();
          case CODE_CHANGE -> " changed code from " + event.subject();
          case TERMINATE -> " terminates: " + event.subject();
          case EXIT -> " exited: " + event.subject();
        };
  }
}

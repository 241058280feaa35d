package dev.athanor.otp.process;

import org.jspecify.annotations.Nullable;

/// Why a process ended, or why somebody asks it to end.
///
/// [Normal] and [Shutdown] are orderly: a transient child is not restarted after them and no crash
/// is reported. Reasons are compared by value. Corresponds to the exit reasons of Erlang.
@SuppressWarnings("ClassInitializationDeadlock") // no default methods: records do not initialize it
public sealed interface ExitReason {
  /// It had nothing more to do. As an exit signal it is ignored by everybody but the sender.
  record Normal() implements ExitReason {
    @Override
    public boolean isOrderly() {
      return true;
    }

    @Override
    public String toString() {
      return "normal";
    }
  }

  /// It was asked to stop in order, by its supervisor for instance: `shutdown` or `{shutdown, X}`.
  ///
  /// @param detail anything the sender wants to tell; null for the plain reason
  record Shutdown(@Nullable Object detail) implements ExitReason {
    @Override
    public boolean isOrderly() {
      return true;
    }

    @Override
    public String toString() {
      return detail == null ? "shutdown" : "{shutdown, " + words(detail) + "}";
    }
  }

  /// The request nobody can trap, when sent by [Node#exit] or [Self#exit(Pid, ExitReason)]; the
  /// receiver ends with [Killed]. Coming over a link it is a reason like any other.
  record Kill() implements ExitReason {
    @Override
    public boolean isOrderly() {
      return false;
    }

    @Override
    public String toString() {
      return "kill";
    }
  }

  /// It was ended by [Kill] and had no chance to clean up.
  record Killed() implements ExitReason {
    @Override
    public boolean isOrderly() {
      return false;
    }

    @Override
    public String toString() {
      return "killed";
    }
  }

  /// A callback threw.
  ///
  /// @param cause what it threw
  record Crashed(Throwable cause) implements ExitReason {
    @Override
    public boolean isOrderly() {
      return false;
    }

    @Override
    public String toString() {
      return "crashed: " + words(cause);
    }
  }

  /// There was no such process when a link, monitor or call reached for it.
  record NoProcess() implements ExitReason {
    @Override
    public boolean isOrderly() {
      return false;
    }

    @Override
    public String toString() {
      return "noproc";
    }
  }

  /// The node of the process can no longer be reached.
  record NoConnection() implements ExitReason {
    @Override
    public boolean isOrderly() {
      return false;
    }

    @Override
    public String toString() {
      return "noconnection";
    }
  }

  /// A reason of the application's own, abnormal like a crash but without an exception.
  ///
  /// @param value any immutable value
  record Other(Object value) implements ExitReason {
    @Override
    public boolean isOrderly() {
      return false;
    }

    @Override
    public String toString() {
      return words(value);
    }
  }

  /// The reason [Normal].
  ExitReason NORMAL = new Normal();

  /// The reason [Shutdown] without detail.
  ExitReason SHUTDOWN = new Shutdown(null);

  /// The request [Kill].
  ExitReason KILL = new Kill();

  /// The reason [Killed].
  ExitReason KILLED = new Killed();

  /// The reason [NoProcess].
  ExitReason NO_PROCESS = new NoProcess();

  /// The reason [NoConnection].
  ExitReason NO_CONNECTION = new NoConnection();

  /// A reason of the application's own.
  ///
  /// @param value any immutable value
  /// @return the reason
  static ExitReason of(Object value) {
    return new Other(value);
  }

  /// An orderly stop with something to tell.
  ///
  /// @param detail any immutable value
  /// @return the reason
  static ExitReason shutdown(Object detail) {
    return new Shutdown(detail);
  }

  /// What is told of every end must not fail for a value that cannot be told.
  private static String words(Object value) {
    try {
      return String.valueOf(value);
    } catch (RuntimeException strange) {
      return value.getClass().getName() + " whose toString threw " + strange.getClass().getName();
    }
  }

  /// Tells whether this is an orderly end: [Normal] or [Shutdown], with or without detail.
  ///
  /// @return false for everything a transient child is restarted after
  boolean isOrderly();
}

package dev.athanor.otp.process;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A look at one process from outside, taken without stopping it. Any thread may take one with
/// [Node#info], also while the process is stuck in a callback.
///
/// Each number was true at one moment, not all at the same one. The mailbox is counted by walking
/// it, so a look costs time in proportion to it; while the process is busy taking messages in the
/// count may be off by as many as it takes in. Corresponds to `process_info/1`.
///
/// @param pid the process
/// @param status what it is doing
/// @param kind the sort of thread it runs on
/// @param behavior the class of its behavior; of a server, of its callbacks
/// @param callback the callback it is in, such as `onMessage` or `handleCall`; null when none
/// @param names the local names it has
/// @param mailboxLength messages and signals that wait
/// @param messagesHandled messages and signals handled so far
/// @param links how many processes it is linked to
/// @param monitors how many monitors it has on others
/// @param monitoredBy how many monitors others have on it
/// @param trapsExits whether exit signals come as [Signal.Exit]
/// @param memoryEstimate bytes of heap for the process itself: its cell, what waits in its mailbox,
///   links, monitors, timers, at the sizes of compact object headers. Neither its state nor the
///   content of messages is in it, for those may be shared.
public record ProcessInfo(
    Pid<?> pid,
    Status status,
    Kind kind,
    String behavior,
    @Nullable String callback,
    List<String> names,
    long mailboxLength,
    long messagesHandled,
    int links,
    int monitors,
    int monitoredBy,
    boolean trapsExits,
    long memoryEstimate) {
  /// A behavior that runs callbacks of another object, as a server does, and says which.
  /// Implemented by packages that build on [Behavior]; called from any thread, without order.
  public interface Described {
    /// The class whose callbacks it runs.
    ///
    /// @return the name of the class
    String description();

    /// The callback it is in.
    ///
    /// @return its name, or null when it cannot tell
    @Nullable String callback();
  }

  /// What a process is doing.
  public enum Status {
    /// Nothing to do.
    WAITING,
    /// In a turn but in no callback, or waiting for its turn.
    RUNNABLE,
    /// In a callback.
    RUNNING,
    /// Ended.
    EXITED
  }

  /// Keeps its own copy of the names.
  public ProcessInfo {
    names = List.copyOf(names);
  }
}

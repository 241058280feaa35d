package dev.athanor.otp.process;

import java.util.List;

/// A look at one process from outside, taken without stopping it: numbers may be a few messages
/// old. Corresponds to `process_info/1`.
///
/// @param pid the process
/// @param status what it is doing
/// @param kind the sort of thread it runs on
/// @param behavior the class of its behavior; of a server, of its callbacks
/// @param names the local names it has
/// @param mailboxLength messages and signals that wait
/// @param messagesHandled messages and signals handled so far
/// @param links how many processes it is linked to
/// @param monitors how many monitors it has on others
/// @param monitoredBy how many monitors others have on it
/// @param trapsExits whether exit signals come as [Signal.Exit]
public record ProcessInfo(
    Pid<?> pid,
    Status status,
    Kind kind,
    String behavior,
    List<String> names,
    long mailboxLength,
    long messagesHandled,
    int links,
    int monitors,
    int monitoredBy,
    boolean trapsExits) {
  /// What a process is doing.
  public enum Status {
    /// Nothing to do.
    WAITING,
    /// In a turn, or waiting for one.
    RUNNABLE,
    /// Ended.
    EXITED
  }

  /// Keeps its own copy of the names.
  public ProcessInfo {
    names = List.copyOf(names);
  }
}

package dev.athanor.otp.process;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What only the process itself may do. Valid inside its callbacks and nowhere else: every method
/// but [#pid] and [#node] throws [IllegalStateException] on another thread or in another process.
///
/// @param <M> the messages of the process
public interface Self<M> {
  /// Its handle, for others.
  ///
  /// @return the pid; from any thread
  Pid<M> pid();

  /// The node it lives on.
  ///
  /// @return the node; from any thread
  Node node();

  /// Spawns a process linked to this one, in one step (`spawn_link`).
  ///
  /// @param behavior what it does
  /// @param options kind and lane
  /// @param <X> its messages
  /// @return its pid
  <X> Pid<X> spawnLink(Behavior<X> behavior, SpawnOptions options);

  /// Spawns a linked process of the default kind.
  ///
  /// @param behavior what it does
  /// @param <X> its messages
  /// @return its pid
  default <X> Pid<X> spawnLink(Behavior<X> behavior) {
    return spawnLink(behavior, SpawnOptions.DEFAULT);
  }

  /// A process and the monitor on it.
  ///
  /// @param pid the process
  /// @param ref the monitor
  /// @param <X> its messages
  record Monitored<X>(Pid<X> pid, MonitorRef ref) {}

  /// Spawns a process monitored by this one, in one step (`spawn_monitor`).
  ///
  /// @param behavior what it does
  /// @param options kind and lane
  /// @param <X> its messages
  /// @return its pid and the monitor
  <X> Monitored<X> spawnMonitor(Behavior<X> behavior, SpawnOptions options);

  /// Links the two processes: when one ends, the other receives an exit signal. Linking twice is
  /// linking once; linking oneself does nothing. Linking the dead brings an exit signal with
  /// [ExitReason.NoProcess].
  ///
  /// @param other the other process
  void link(Pid<?> other);

  /// Takes the link back. After it returns no exit signal comes over that link; one that came
  /// before may be waiting as a message.
  ///
  /// @param other the other process
  void unlink(Pid<?> other);

  /// Monitors a process: one [Signal.Down] comes when it ends, at once if it is dead. Monitoring
  /// twice brings two; monitoring oneself does nothing.
  ///
  /// @param other the process to watch
  /// @return the monitor
  MonitorRef monitor(Pid<?> other);

  /// Takes a monitor back.
  ///
  /// @param ref the monitor
  /// @param flush whether a down message that waits already is dropped too
  /// @return whether the monitor was still open
  boolean demonitor(MonitorRef ref, boolean flush);

  /// Chooses what exit signals do: end this process (the default) or come as [Signal.Exit].
  ///
  /// @param trap whether to turn them into signals
  /// @return the choice before
  boolean trapExit(boolean trap);

  /// Ends this process when the current callback returns. The first reason given stays.
  ///
  /// @param reason why
  void exit(ExitReason reason);

  /// Sends an exit signal (`exit/2`). [ExitReason.Normal] is ignored by others than oneself,
  /// [ExitReason.Kill] cannot be trapped.
  ///
  /// @param target who
  /// @param reason why
  void exit(Pid<?> target, ExitReason reason);

  /// Sends a message later. A timer whose receiver is this process is called off when the process
  /// ends; one for another process fires all the same.
  ///
  /// @param delay how long to wait; zero means as soon as possible
  /// @param target the receiver
  /// @param message the message
  /// @param <X> the type of the message
  /// @return the timer
  <X> TimerRef sendAfter(Duration delay, Pid<? super X> target, X message);

  /// Sends a message again and again until called off or until this process ends.
  ///
  /// @param period the time between two messages and before the first; at least a nanosecond
  /// @param target the receiver
  /// @param message the message
  /// @param <X> the type of the message
  /// @return the timer
  <X> TimerRef sendInterval(Duration period, Pid<? super X> target, X message);

  /// Calls a timer off. A message that was sent already stays.
  ///
  /// @param timer the timer
  /// @return whether it was still pending
  boolean cancel(TimerRef timer);

  /// Gives this process a name on its node; it is given back when the process ends.
  ///
  /// @param name a name nobody has
  /// @throws IllegalArgumentException when it is taken
  void register(String name);

  /// Runs the continuation in a later turn of this process, when the stage has completed: the way
  /// to use asynchronous I/O without blocking. Messages that arrive meanwhile are handled
  /// meanwhile. When the process has ended before, the outcome is dropped.
  ///
  /// @param stage what to wait for
  /// @param continuation takes the value, or the failure (unwrapped from CompletionException)
  /// @param <T> the type of the value
  <T extends @Nullable Object> void await(
      CompletionStage<T> stage,
      BiConsumer<? super @Nullable T, ? super @Nullable Throwable> continuation);
}

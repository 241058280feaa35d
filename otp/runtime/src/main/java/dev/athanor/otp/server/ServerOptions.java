package dev.athanor.otp.server;

import dev.athanor.otp.process.Kind;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.SpawnOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a server is to be started.
///
/// @param name the name it takes before `init`; null for none
/// @param spawn kind and lane
/// @param initTimeout how long `init` may take before the process is killed and the start fails
///   with the reason "timeout", of which a linked parent hears by the outcome alone; null for ever,
///   which is the default
public record ServerOptions(
    @Nullable Name name, SpawnOptions spawn, @Nullable Duration initTimeout) {
  /// No name, an event loop, all the time it needs.
  public static final ServerOptions DEFAULT = new ServerOptions(null, SpawnOptions.DEFAULT, null);

  /// The defaults with a name.
  ///
  /// @param name a local name
  /// @return the options
  public static ServerOptions named(String name) {
    return DEFAULT.name(Name.local(name));
  }

  /// The same with a name.
  ///
  /// @param value the name
  /// @return the options
  public ServerOptions name(Name value) {
    return new ServerOptions(value, spawn, initTimeout);
  }

  /// The same on another kind of thread, on no particular lane.
  ///
  /// @param kind the kind
  /// @return the options
  public ServerOptions kind(Kind kind) {
    SpawnOptions moved =
        new SpawnOptions(kind, null, spawn.trapExit(), spawn.callers(), spawn.mailbox());
    return new ServerOptions(name, moved, initTimeout);
  }

  /// The same spawned in another way.
  ///
  /// @param value kind and lane
  /// @return the options
  public ServerOptions spawn(SpawnOptions value) {
    return new ServerOptions(name, value, initTimeout);
  }

  /// The same with a bounded mailbox. Requests to stop, signals and timers are never refused;
  /// messages kept for a server whose `init` decides later no longer count.
  ///
  /// @param limit how many messages may wait, at least 1
  /// @param overflow what happens to one too many; a call that is lost fails with
  ///   [CallFailed.MailboxFull]
  /// @return the options
  public ServerOptions mailbox(int limit, SpawnOptions.Overflow overflow) {
    return new ServerOptions(name, spawn.mailbox(limit, overflow), initTimeout);
  }

  /// The same with a limit to `init`.
  ///
  /// @param value how long it may take
  /// @return the options
  public ServerOptions initTimeout(Duration value) {
    return new ServerOptions(name, spawn, value);
  }
}

package dev.athanor.otp.server;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A server as system requests see it.
final class ServerInside<M, S> implements Behavior.Inside {
  private final ServerProcess<M, S> process;

  ServerInside(ServerProcess<M, S> process) {
    this.process = process;
  }

  @Override
  public String module() {
    return WatchedServer.bare(process.callbacks()).getClass().getName();
  }

  @Override
  public @Nullable Pid<?> parent() {
    return process.parent();
  }

  @Override
  public @Nullable Object state() {
    return process.current();
  }

  @Override
  @SuppressWarnings("unchecked")
  public void replaceState(@Nullable Object state) {
    process.become((S) Objects.requireNonNull(state, "the state in the place of another"));
  }

  @Override
  public Object status() {
    return process.callbacks().formatStatus(process.current());
  }

  @Override
  public void changeCode(@Nullable Object oldVersion, @Nullable Object extra) throws Exception {
    process.become(
        Objects.requireNonNull(
            process.callbacks().codeChange(oldVersion, process.current(), extra),
            "codeChange returned no state"));
  }

  @Override
  public boolean terminate(ExitReason reason) {
    process.stop(reason);
    return true;
  }

  @Override
  public Behavior.@Nullable Watcher watcher() {
    return process.callbacks() instanceof WatchedServer<M, S> watched ? watched.watcher() : null;
  }

  @Override
  public boolean watch(Behavior.@Nullable Watcher watcher) {
    GenServer<M, S> bare = WatchedServer.bare(process.callbacks());
    process.callbacks(watcher == null ? bare : new WatchedServer<>(bare, watcher));
    return true;
  }
}

package dev.athanor.otp.supervisor;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A supervisor as system requests see it: its children are its state, which cannot be replaced.
///
/// @param keeper the supervisor
/// @param server the server it runs in
record KeeperInside(Keeper<?> keeper, Behavior.Inside server) implements Behavior.Inside {
  @Override
  public @Nullable String module() {
    return server.module();
  }

  @Override
  public @Nullable Pid<?> parent() {
    return server.parent();
  }

  @Override
  public List<ChildInfo> state() {
    return keeper.look();
  }

  @Override
  public List<ChildInfo> status() {
    return keeper.look();
  }

  @Override
  public void changeCode(@Nullable Object oldVersion, @Nullable Object extra) throws Exception {
    server.changeCode(oldVersion, extra);
  }

  @Override
  public boolean terminate(ExitReason reason) {
    return server.terminate(reason);
  }

  @Override
  public Behavior.@Nullable Watcher watcher() {
    return server.watcher();
  }

  @Override
  public boolean watch(Behavior.@Nullable Watcher watcher) {
    return server.watch(watcher);
  }
}

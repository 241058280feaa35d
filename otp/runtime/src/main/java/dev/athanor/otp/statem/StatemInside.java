package dev.athanor.otp.statem;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A machine as system requests see it.
///
/// @param process the machine
/// @param server the server it runs in
record StatemInside<M, S, D>(StatemProcess<M, S, D> process, Behavior.Inside server)
    implements Behavior.Inside {
  @Override
  public String module() {
    return process.module();
  }

  @Override
  public @Nullable Pid<?> parent() {
    return server.parent();
  }

  @Override
  public Object state() {
    return new StateData<>(process.current(), process.data());
  }

  @Override
  @SuppressWarnings("unchecked")
  public void replaceState(@Nullable Object state) {
    if (!(state instanceof StateData<?, ?> other)) {
      throw new IllegalArgumentException(
          "the state of a machine is a StateData(state, data), got " + state);
    }
    process.become((StateData<S, D>) other);
  }

  @Override
  public @Nullable Object status() {
    return server.status();
  }

  @Override
  public void changeCode(@Nullable Object oldVersion, @Nullable Object extra) throws Exception {
    process.become(
        Objects.requireNonNull(
            process.machine().codeChange(oldVersion, process.current(), process.data(), extra),
            "codeChange returned no StateData"));
  }

  @Override
  public boolean terminate(ExitReason reason) {
    return server.terminate(reason);
  }

  @Override
  public Behavior.@Nullable Watcher watcher() {
    return process.watcher();
  }

  @Override
  public boolean watch(Behavior.@Nullable Watcher watcher) {
    process.watcher(watcher);
    return true;
  }
}

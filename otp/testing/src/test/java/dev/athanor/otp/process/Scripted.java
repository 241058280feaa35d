package dev.athanor.otp.process;

import java.util.ArrayList;
import java.util.List;

/// A process that does what it is sent, and remembers what reached it.
final class Scripted implements Behavior<Scripted.Act> {
  interface Act {
    void perform(Self<Act> self) throws Exception;
  }

  final List<Object> seen = new ArrayList<>();

  @Override
  public void onMessage(Self<Act> self, Act act) throws Exception {
    act.perform(self);
  }

  @Override
  public void onSignal(Self<Act> self, Signal signal) {
    seen.add(signal);
  }

  @Override
  public void onExit(Self<Act> self, ExitReason reason) {
    seen.add("exit " + reason);
  }
}

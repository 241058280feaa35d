package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Scripted.Act;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ProcessInfoTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler();
  private final Node node = Node.on(scheduler);
  private final Pid<Act> pid = node.spawn(new Scripted());
  private final Pid<Act> other = node.spawn(new Scripted());

  private void tell(Pid<Act> to, Act act) {
    to.send(act);
    scheduler.runUntilIdle();
  }

  @Test
  void info_idle_waitingAndEmpty() {
    scheduler.runUntilIdle();
    ProcessInfo info = node.info(pid);
    assertThat(info.status()).isEqualTo(ProcessInfo.Status.WAITING);
    assertThat(info.callback()).isNull();
    assertThat(info.mailboxLength()).isZero();
    assertThat(info.behavior()).isEqualTo(Scripted.class.getName());
    assertThat(info.memoryEstimate()).isBetween(56L, 128L);
  }

  @Test
  void info_messagesWait_countedWithTheirMemory() {
    scheduler.runUntilIdle();
    long empty = node.info(pid).memoryEstimate();
    for (int i = 0; i < 1000; i++) {
      pid.send(self -> {});
    }
    assertThat(node.info(pid).mailboxLength()).isEqualTo(1000);
    assertThat(node.info(pid).status()).isEqualTo(ProcessInfo.Status.RUNNABLE);
    assertThat(node.info(pid).memoryEstimate()).isEqualTo(empty + 16_000);
    scheduler.runUntilIdle();
    assertThat(node.info(pid).mailboxLength()).isZero();
    assertThat(node.info(pid).messagesHandled()).isEqualTo(1000);
  }

  @Test
  void info_insideACallback_runningWithItsName() {
    AtomicReference<ProcessInfo> seen = new AtomicReference<>();
    pid.send(self -> seen.set(self.node().info(self.pid())));
    pid.send(self -> {});
    scheduler.runUntilIdle();
    assertThat(seen.get().status()).isEqualTo(ProcessInfo.Status.RUNNING);
    assertThat(seen.get().callback()).isEqualTo("onMessage");
    assertThat(seen.get().mailboxLength()).as("the one that is handled not counted").isEqualTo(1);
  }

  @Test
  void info_insideASignalOrTheEnd_namesThatCallback() {
    AtomicReference<String> inSignal = new AtomicReference<>();
    AtomicReference<String> inExit = new AtomicReference<>();
    Pid<Act> watcher =
        node.spawn(
            new Behavior<>() {
              @Override
              public void onMessage(Self<Act> self, Act act) throws Exception {
                act.perform(self);
              }

              @Override
              public void onSignal(Self<Act> self, Signal signal) {
                inSignal.set(node.info(self.pid()).callback());
                self.exit(ExitReason.NORMAL);
              }

              @Override
              public void onExit(Self<Act> self, ExitReason reason) {
                inExit.set(node.info(self.pid()).callback());
              }
            });
    tell(watcher, self -> self.monitor(other));
    tell(other, self -> self.exit(ExitReason.NORMAL));
    assertThat(inSignal).hasValue("onSignal");
    assertThat(inExit).hasValue("onExit");
    assertThat(node.info(watcher).status()).isEqualTo(ProcessInfo.Status.EXITED);
  }

  @Test
  void links_monitorsAndWatchers_namedFromBothSides() {
    tell(
        pid,
        self -> {
          self.link(other);
          self.monitor(other);
          self.monitor(other);
        });
    assertThat(node.links(pid)).containsExactly(other);
    assertThat(node.links(other)).containsExactly(pid);
    assertThat(node.monitors(pid)).containsExactly(other, other);
    assertThat(node.monitoredBy(other)).containsExactly(pid, pid);
    assertThat(node.info(pid).links()).isEqualTo(1);
    assertThat(node.info(pid).monitors()).isEqualTo(2);
    assertThat(node.info(other).monitoredBy()).isEqualTo(2);
    node.exit(other, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(node.monitors(pid)).isEqualTo(List.of());
  }
}

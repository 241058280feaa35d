package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.testing.DeterministicScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SystemRequestTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(11);
  private final Node node = Node.on(scheduler);
  private final List<Object> diary = new ArrayList<>();

  private final class Writer implements Behavior<String> {
    @Override
    public void onMessage(Self<String> self, String message) {
      diary.add(message);
    }

    @Override
    public void onSignal(Self<String> self, Signal signal) {
      diary.add(signal);
    }
  }

  private void ask(Pid<?> pid, Consumer<Behavior.Live> action) {
    node.system(
        pid,
        new Behavior.SystemRequest() {
          @Override
          public void serve(Behavior.Live process) {
            action.accept(process);
          }

          @Override
          public void refused(ExitReason reason) {
            diary.add("refused " + reason);
          }
        });
  }

  @Test
  void system_amongMessages_servedInItsPlace() {
    Pid<String> pid = node.spawn(new Writer());
    pid.send("a");
    ask(pid, live -> diary.add("served"));
    pid.send("b");
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("a", "served", "b");
  }

  @Test
  void suspend_requestsBehindMessages_servedAtOnceAndMessagesWaitInOrder() {
    Pid<String> pid = node.spawn(new Writer());
    ask(pid, Behavior.Live::suspend);
    pid.send("a");
    ask(pid, live -> diary.add("first " + live.suspended()));
    pid.send("b");
    scheduler.runUntilIdle();
    ask(pid, live -> diary.add("second"));
    pid.send("c");
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("first true", "second");
    ask(pid, Behavior.Live::resume);
    pid.send("d");
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("first true", "second", "a", "b", "c", "d");
  }

  @Test
  void suspend_requestBehindTheResume_waitsBehindTheMessages() {
    Pid<String> pid = node.spawn(new Writer());
    ask(pid, Behavior.Live::suspend);
    pid.send("a");
    ask(pid, Behavior.Live::resume);
    pid.send("b");
    ask(pid, live -> diary.add("last"));
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("a", "b", "last");
  }

  @Test
  void suspend_exitSignal_endsTheProcessAndRefusesWhatWaits() {
    Pid<String> pid = node.spawn(new Writer());
    ask(pid, Behavior.Live::suspend);
    scheduler.runUntilIdle();
    node.exit(pid, ExitReason.of("boom"));
    scheduler.runUntilIdle();
    assertThat(pid.isAlive()).isFalse();
    ask(pid, live -> diary.add("never"));
    assertThat(diary).containsExactly("refused noproc");
  }

  @Test
  void system_processEndsBefore_refusedWithTheReason() {
    Pid<String> pid = node.spawn(new Writer());
    ask(pid, live -> live.terminate(ExitReason.of("enough")));
    ask(pid, live -> diary.add("never"));
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("refused enough");
  }

  @Test
  void system_requestThrows_endsTheProcess() {
    Pid<String> pid = node.spawn(new Writer());
    ask(
        pid,
        live -> {
          throw new IllegalStateException("bad request");
        });
    scheduler.runUntilIdle();
    assertThat(pid.isAlive()).isFalse();
  }

  @Test
  void watch_plainProcess_tellsOfMessagesAndTheEnd() {
    Pid<String> pid = node.spawn(new Writer());
    ask(pid, live -> live.watch(event -> diary.add(event.what() + " " + event.subject())));
    pid.send("a");
    scheduler.runUntilIdle();
    assertThat(node.info(pid).behavior()).isEqualTo(Writer.class.getName());
    ask(pid, live -> live.watch(null));
    pid.send("b");
    ask(pid, live -> live.watch(event -> diary.add(event.what() + " " + event.subject())));
    scheduler.runUntilIdle();
    node.exit(pid, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(diary).containsExactly("IN a", "a", "b", "EXIT killed");
  }
}

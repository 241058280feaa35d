package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Scripted.Act;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerCornersTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final DeterministicScheduler scheduler = new DeterministicScheduler(7);
  private final Node node = Node.on(scheduler);
  private final Pid<Act> owner = node.spawn(new Scripted());
  private final List<String> heard = new ArrayList<>();

  private Pid<String> listener() {
    return node.spawn((self, message) -> heard.add(message));
  }

  private long timers() {
    return (node.info(owner).memoryEstimate() - node.info(listener()).memoryEstimate()) / 8;
  }

  @Test
  void interval_receiverIsGone_ownerForgetsIt() {
    owner.send(self -> {});
    scheduler.runUntilIdle();
    owner.send(self -> self.trapExit(self.trapExit(true)));
    for (int i = 0; i < 100; i++) {
      Pid<String> other = listener();
      owner.send(self -> self.sendInterval(SECOND, other, "tick"));
      scheduler.advance(SECOND);
      node.exit(other, ExitReason.KILL);
      scheduler.advance(SECOND);
    }
    assertThat(heard).hasSize(100);
    assertThat(timers()).isLessThan(20);
  }

  @Test
  void cancel_intervalFromItsOwnMessage_isTheLastOne() {
    List<TimerRef> refs = new ArrayList<>();
    Pid<Act> pid = node.spawn(new Scripted());
    pid.send(
        self ->
            refs.add(
                self.sendInterval(
                    SECOND,
                    self.pid(),
                    me -> {
                      heard.add("tick");
                      assertThat(me.cancel(refs.getFirst())).isTrue();
                      assertThat(me.cancel(refs.getFirst())).isFalse();
                    })));
    scheduler.advance(Duration.ofSeconds(10));
    assertThat(heard).containsExactly("tick");
  }

  @Test
  void cancel_atTheTimeItIsDue_eitherCancelsOrTheMessageComes() {
    Pid<String> other = listener();
    List<Boolean> cancelled = new ArrayList<>();
    owner.send(
        self -> {
          TimerRef timer = self.sendAfter(SECOND, other, "due");
          self.sendAfter(SECOND, self.pid(), me -> cancelled.add(me.cancel(timer)));
        });
    scheduler.advance(SECOND);
    assertThat(cancelled).hasSize(1);
    assertThat(heard).hasSize(cancelled.getFirst() ? 0 : 1);
  }
}

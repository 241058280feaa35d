package dev.athanor.otp.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Behavior;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Self;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever operators do to a process in whatever order: messages are neither lost nor doubled nor
/// overtake each other, none is handled while the process is suspended, and every request is served
/// exactly once.
class SuspensionPropertyTest {
  private static final int SENDERS = 3;
  private static final int MESSAGES = 20;
  private static final int REQUESTS = 15;

  private record Numbered(int sender, int number) {}

  @Test
  void suspend_atRandom_messagesKeepTheirOrder() {
    Seeds.times(300, this::hold);
  }

  private void hold(long seed) {
    DeterministicScheduler scheduler = new DeterministicScheduler(seed);
    Random random = new Random(seed);
    Node node = Node.builder(scheduler).turnBudget(1 + random.nextInt(8)).build();
    Map<Integer, List<Integer>> arrived = new HashMap<>();
    boolean[] suspended = new boolean[1];
    Pid<Numbered> target =
        node.spawn(
            (self, message) -> {
              assertThat(suspended[0]).as("handled while suspended").isFalse();
              arrived
                  .computeIfAbsent(message.sender(), s -> new ArrayList<>())
                  .add(message.number());
            });
    for (int sender = 0; sender < SENDERS; sender++) {
      int own = sender;
      Pid<Integer> pid = node.spawn(new Sender(own, target));
      pid.send(0);
    }
    int[] served = new int[1];
    Pid<Integer> operator =
        node.spawn(
            (self, number) -> {
              boolean suspend = random.nextBoolean();
              Behavior.SystemRequest request = request(suspend, suspended, served);
              node.system(target, request);
              if (number < REQUESTS) {
                self.pid().send(number + 1);
              }
            });
    operator.send(1);
    scheduler.runUntilIdle();
    node.system(target, request(false, suspended, served));
    scheduler.runUntilIdle();
    assertThat(target.isAlive()).isTrue();
    assertThat(served[0]).isEqualTo(REQUESTS + 1);
    assertThat(arrived).hasSize(SENDERS);
    arrived
        .values()
        .forEach(
            numbers -> {
              assertThat(numbers).hasSize(MESSAGES).isSorted().doesNotHaveDuplicates();
            });
    assertThat(node.info(target).mailboxLength()).isZero();
  }

  private static Behavior.SystemRequest request(
      boolean suspend, boolean[] suspended, int[] served) {
    return new Behavior.SystemRequest() {
      @Override
      public void serve(Behavior.Live process) {
        served[0]++;
        suspended[0] = suspend;
        if (suspend) {
          process.suspend();
        } else {
          process.resume();
        }
      }

      @Override
      public void refused(ExitReason reason) {
        throw new AssertionError("refused: " + reason);
      }
    };
  }

  private record Sender(int id, Pid<Numbered> target) implements Behavior<Integer> {
    @Override
    public void onMessage(Self<Integer> self, Integer number) {
      target.send(new Numbered(id, number));
      if (number + 1 < MESSAGES) {
        self.pid().send(number + 1);
      }
    }
  }
}

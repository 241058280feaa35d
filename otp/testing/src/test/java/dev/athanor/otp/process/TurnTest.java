package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.testing.DeterministicScheduler;
import org.junit.jupiter.api.Test;

/** How long a process goes on before others on its lane have their turn. */
class TurnTest {
  private static final int MESSAGES = 1_000;

  private final DeterministicScheduler turns = new DeterministicScheduler(1);
  private int handled;
  private long clock;

  /** Its clock goes on while handlers run. */
  private final Scheduler scheduler =
      new Scheduler() {
        @Override
        public Lane lane(Kind kind) {
          return turns.lane(kind);
        }

        @Override
        public Cancellable schedule(long delayNanos, Runnable task) {
          return turns.schedule(delayNanos, task);
        }

        @Override
        public long nanoTime() {
          return clock;
        }

        @Override
        public boolean onEventLoop() {
          return turns.onEventLoop();
        }
      };

  @Test
  void turn_handlersThatTakeLong_endsAfterItsTime() {
    assertThat(handledInOneTurn(10_000, 10_000, 0)).isEqualTo(6);
    assertThat(handledInOneTurn(60_000, 60_000, 0)).isEqualTo(2);
  }

  @Test
  void turn_handlersThatAreQuick_endsAfterItsBudget() {
    assertThat(handledInOneTurn(10, 10, 0)).isEqualTo(256);
  }

  @Test
  void turn_handlersThatBecomeSlow_endsWithinEightOfThem() {
    assertThat(handledInOneTurn(10, 1_000_000, 100)).isBetween(100, 108);
  }

  /** The first `change` handlers take `before`, the others `after` nanoseconds. */
  private int handledInOneTurn(long before, long after, int change) {
    Node node = Node.on(scheduler);
    Pid<Integer> busy =
        node.spawn(
            (self, n) -> {
              handled++;
              clock += n < change ? before : after;
            });
    turns.runUntilIdle();
    for (int n = 0; n < MESSAGES; n++) {
      busy.send(n);
    }
    handled = 0;
    turns.step();
    int inOneTurn = handled;
    turns.runUntilIdle();
    assertThat(handled).isEqualTo(MESSAGES);
    return inOneTurn;
  }
}

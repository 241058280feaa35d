package dev.athanor.otp.statem;

import static dev.athanor.otp.statem.StateAction.reply;
import static dev.athanor.otp.statem.StateAction.stateTimeout;
import static dev.athanor.otp.statem.Step.keepState;
import static dev.athanor.otp.statem.Step.keepStateAndData;
import static dev.athanor.otp.statem.Step.nextState;
import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The door of the OTP design principles: a code opens it for ten seconds; five seconds without a
/// button and what was pressed is forgotten; buttons pressed while it is open wait until it is
/// locked. States handle the events themselves.
class DoorLockTest {
  sealed interface Panel {}

  record Button(int digit) implements Panel {}

  record CodeLength() implements Panel, Request<Integer> {}

  record Lock(List<Integer> code, List<Integer> pressed) {
    Lock forget() {
      return new Lock(code, List.of());
    }

    Lock press(int digit) {
      List<Integer> all = new ArrayList<>(pressed);
      all.add(digit);
      return new Lock(code, List.copyOf(all));
    }
  }

  enum Door implements StateFunctions.State<Panel, Door, Lock> {
    LOCKED {
      @Override
      public Step<Door, Lock> enter(Door old, Lock lock) {
        return keepState(lock.forget());
      }

      @Override
      public Step<Door, Lock> handle(Event<Panel> event, Lock lock) {
        return switch (event) {
          case Event.Cast<Panel>(Button button) -> {
            Lock pressed = lock.press(button.digit());
            if (pressed.pressed().equals(lock.code())) {
              yield nextState(OPEN, pressed);
            }
            yield pressed.pressed().size() < lock.code().size()
                ? keepState(pressed, stateTimeout(Duration.ofSeconds(5), "forget"))
                : keepState(lock.forget(), stateTimeout(Duration.ofSeconds(5), "forget"));
          }
          case Event.StateTimeout<Panel> _ -> keepState(lock.forget());
          default -> always(event, lock);
        };
      }
    },
    OPEN {
      @Override
      public Step<Door, Lock> enter(Door old, Lock lock) {
        return keepStateAndData(stateTimeout(Duration.ofSeconds(10), "lock"));
      }

      @Override
      public Step<Door, Lock> handle(Event<Panel> event, Lock lock) {
        return switch (event) {
          case Event.Cast<Panel>(Button _) -> keepStateAndData(StateAction.postpone());
          case Event.StateTimeout<Panel> _ -> nextState(LOCKED, lock);
          default -> always(event, lock);
        };
      }
    };

    static Step<Door, Lock> always(Event<Panel> event, Lock lock) {
      return switch (event) {
        case Event.Call<Panel>(CodeLength ask, var from) ->
            keepStateAndData(reply(ask, from, lock.code().size()));
        default -> throw new IllegalArgumentException("a door does not understand " + event);
      };
    }
  }

  static final class CodeLock implements StateFunctions<Panel, Door, Lock> {
    private final List<Door> history;

    CodeLock(List<Door> history) {
      this.history = history;
    }

    @Override
    public InitResult<Step.NextState<Door, Lock>> init(ServerSelf<Panel> self) {
      return InitResult.ok(nextState(Door.LOCKED, new Lock(List.of(1, 2, 3), List.of())));
    }

    @Override
    public Step<Door, Lock> enter(Door old, Door state, Lock lock) throws Exception {
      history.add(state);
      return StateFunctions.super.enter(old, state, lock);
    }
  }

  private final DeterministicScheduler scheduler = new DeterministicScheduler(2);
  private final Node node = Node.on(scheduler);
  private final List<Door> history = new ArrayList<>();
  private final Pid<Panel> door =
      scheduler.await(GenStatem.start(node, new CodeLock(history))).orThrow();

  private void press(int... digits) {
    for (int digit : digits) {
      GenServer.cast(door, new Button(digit));
    }
    scheduler.runUntilIdle();
  }

  @Test
  void code_right_opensForTenSeconds() {
    press(1, 2, 3);
    assertThat(history).containsExactly(Door.LOCKED, Door.OPEN);
    scheduler.advance(Duration.ofSeconds(10));
    assertThat(history).containsExactly(Door.LOCKED, Door.OPEN, Door.LOCKED);
  }

  @Test
  void code_wrongOrSlow_staysLocked() {
    press(1, 2, 4);
    press(1, 2);
    scheduler.advance(Duration.ofSeconds(5));
    press(3);
    assertThat(history).containsExactly(Door.LOCKED);
  }

  @Test
  void buttons_pressedWhileOpen_countOnceItIsLocked() {
    press(1, 2, 3);
    press(1, 2, 3);
    assertThat(history).containsExactly(Door.LOCKED, Door.OPEN);
    scheduler.advance(Duration.ofSeconds(10));
    assertThat(history).containsExactly(Door.LOCKED, Door.OPEN, Door.LOCKED, Door.OPEN);
  }

  @Test
  void codeLength_anyState_answered() {
    assertThat(scheduler.await(GenServer.call(door, new CodeLength()))).isEqualTo(3);
    press(1, 2, 3);
    assertThat(scheduler.await(GenServer.call(door, new CodeLength()))).isEqualTo(3);
  }
}

package dev.athanor.otp.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.ServerDown;
import dev.athanor.otp.supervisor.Application;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StackTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(1);
  private final Node node = Node.on(scheduler);

  @BeforeEach
  void start() {
    scheduler.await(Application.start(node, Stack.tree()));
  }

  @SuppressWarnings("unchecked")
  private Pid<Stack.Message> stack() {
    return (Pid<Stack.Message>) Objects.requireNonNull(node.whereis("stack"));
  }

  private void push(String item) {
    GenServer.cast(stack(), new Stack.Push(item));
  }

  private String pop() {
    return scheduler.await(GenServer.call(stack(), new Stack.Pop()));
  }

  @Test
  void pop_twoPushed_lastFirst() {
    push("a");
    push("b");
    assertThat(pop()).isEqualTo("b");
    assertThat(pop()).isEqualTo("a");
  }

  @Test
  void pop_empty_crashesAndComesBack() {
    assertThatThrownBy(this::pop)
        .isInstanceOf(ServerDown.class)
        .hasCauseInstanceOf(NoSuchElementException.class);
    scheduler.runUntilIdle();
    push("c");
    assertThat(pop()).isEqualTo("c");
  }

  @Test
  void stack_stoppedByItsSupervisorsOrder_itemsAreThereAfterwards() {
    push("a");
    push("b");
    scheduler.runUntilIdle();
    Pid<?> before = stack();
    scheduler.await(GenServer.stop(before));
    scheduler.runUntilIdle();
    assertThat(stack()).isNotEqualTo(before);
    assertThat(pop()).isEqualTo("b");
  }

  @Test
  void stash_dies_bothStartAnew() {
    push("a");
    scheduler.runUntilIdle();
    Pid<?> before = stack();
    node.exit(Objects.requireNonNull(node.whereis("stash")), ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(stack()).isNotEqualTo(before);
    assertThatThrownBy(this::pop).isInstanceOf(ServerDown.class);
  }
}

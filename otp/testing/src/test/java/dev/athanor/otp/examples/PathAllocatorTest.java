package dev.athanor.otp.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.ets.Tables;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.supervisor.Application;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Probe;
import dev.athanor.otp.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PathAllocatorTest {
  private final List<String> cleaned = new ArrayList<>();
  private DeterministicScheduler scheduler;
  private Node node;

  private void start(long seed) {
    cleaned.clear();
    scheduler = new DeterministicScheduler(seed);
    node = Node.on(scheduler);
    scheduler.await(Application.start(node, PathAllocator.tree(new Tables(node), cleaned::add)));
  }

  @SuppressWarnings("unchecked")
  private Pid<PathAllocator.Message> allocator() {
    return (Pid<PathAllocator.Message>) Objects.requireNonNull(node.whereis("paths"));
  }

  private String allocate(Pid<?> holder) {
    return scheduler.await(GenServer.call(allocator(), new PathAllocator.Allocate(holder)));
  }

  private boolean free(String path) {
    return scheduler.await(GenServer.call(allocator(), new PathAllocator.Free(path)));
  }

  @Test
  void free_lentPath_cleanedUpOnce() {
    start(1);
    Pid<?> holder = Probe.on(node).pid();
    String path = allocate(holder);
    assertThat(allocate(holder)).isNotEqualTo(path);
    assertThat(free(path)).isTrue();
    assertThat(free(path)).isFalse();
    assertThat(cleaned).containsExactly(path);
  }

  @Test
  void holder_ends_itsPathsAreCleanedUp() {
    start(1);
    Pid<?> holder = Probe.on(node).pid();
    String first = allocate(holder);
    String second = allocate(holder);
    String other = allocate(Probe.on(node).pid());
    node.exit(holder, ExitReason.KILL);
    scheduler.runUntilIdle();
    assertThat(cleaned).containsExactlyInAnyOrder(first, second).doesNotContain(other);
  }

  @Test
  void allocator_killedWhileHoldersDie_nothingLeaksAndNoPathIsLentTwice() {
    Seeds.times(
        200,
        seed -> {
          start(seed);
          Pid<?> dies = Probe.on(node).pid();
          Pid<?> lives = Probe.on(node).pid();
          String lost = allocate(dies);
          String kept = allocate(lives);
          Pid<?> before = allocator();
          node.exit(before, ExitReason.KILL);
          node.exit(dies, ExitReason.KILL);
          scheduler.runUntilIdle();
          assertThat(allocator()).isNotEqualTo(before);
          assertThat(cleaned).containsExactly(lost);
          assertThat(allocate(lives)).isNotIn(lost, kept);
          assertThat(free(kept)).isTrue();
          assertThat(cleaned).containsExactly(lost, kept);
        });
  }
}

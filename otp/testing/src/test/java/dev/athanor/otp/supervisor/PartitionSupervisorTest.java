package dev.athanor.otp.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartitionSupervisorTest {
  private final World world = new World();
  private final PartitionSupervisor<World.Ask> three =
      PartitionSupervisor.of(
          "parts", 3, i -> ChildSpec.<World.Ask, String>server("any", () -> world.worker("p" + i)));

  @Test
  void partition_wholeNumbers_absoluteValueModPartitions() {
    assertThat(List.of(0, 1, 2, 3, 4, -1, -4, 7).stream().map(three::partition))
        .containsExactly(0, 1, 2, 0, 1, 1, 1, 1);
    assertThat(three.partition(Long.MIN_VALUE)).isEqualTo(2);
    assertThat(three.partition(Integer.MIN_VALUE)).isEqualTo(2);
    assertThat(three.partition((short) -5)).isEqualTo(2);
    assertThat(three.partition(BigInteger.TEN.pow(30).negate())).isEqualTo(1);
  }

  @Test
  void partition_otherKeys_everyPartitionAndAlwaysTheSame() {
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      String key = "user " + i;
      assertThat(three.partition(key)).isBetween(0, 2).isEqualTo(three.partition(key));
      seen.add(three.partition(key));
    }
    assertThat(seen).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void whereis_started_theCopyOfTheKeyAlsoAfterARestart() {
    Pid<Supervisor.Command> supervisor = world.scheduler.await(three.start(world.node)).orThrow();
    assertThat(world.node.whereis("parts")).isEqualTo(supervisor);
    assertThat(world.scheduler.await(Supervisor.whichChildren(supervisor)))
        .extracting(ChildInfo::id)
        .containsExactly(2, 1, 0);
    Pid<World.Ask> second = three.whereis(world.node, 4);
    assertThat(second).isEqualTo(world.node.whereis("parts/1"));
    world.node.exit(second, ExitReason.KILL);
    world.scheduler.runUntilIdle();
    assertThat(three.whereis(world.node, 4)).isNotNull().isNotEqualTo(second);
    assertThat(three.whereis(world.node, 4)).isEqualTo(three.via(1).whereis(world.node));
    world.stop(supervisor);
    assertThat(three.whereis(world.node, 4)).isNull();
  }

  @Test
  void child_underASupervisor_startsAndStopsWithIt() {
    Pid<?> top = world.supervise(SupervisorSpec.of(Strategy.ONE_FOR_ONE, three.child()));
    assertThat(world.diary).containsExactly("up p0", "up p1", "up p2");
    assertThat(world.diaryOf(() -> world.stop(top)))
        .containsExactly("down p2 shutdown", "down p1 shutdown", "down p0 shutdown");
  }

  @Test
  void of_noPartitions_refused() {
    assertThatThrownBy(() -> PartitionSupervisor.of("none", 0, i -> world.child("x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1");
  }
}

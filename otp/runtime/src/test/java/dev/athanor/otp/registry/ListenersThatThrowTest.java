package dev.athanor.otp.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.ets.ManualScheduler;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.telemetry.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A function that makes no message for a listener costs that listener the message and nobody
/// anything else.
class ListenersThatThrowTest {
  private final ManualScheduler scheduler = new ManualScheduler();
  private final Node node = Node.on(scheduler);
  private final Pid<Runnable> a = ManualScheduler.doer(node);
  private final Pid<Runnable> listener = ManualScheduler.doer(node);
  private final List<Event> told = new ArrayList<>();

  private static Runnable broken(Object event) {
    throw new IllegalStateException("no message for " + event);
  }

  private void kill(Pid<?> pid) {
    node.exit(pid, ExitReason.KILL);
    scheduler.run();
  }

  @Test
  void registry_listenerThrows_entriesComeAndGoAllTheSame() {
    node.telemetry().attach("test", "athanor.registry", told::add);
    Registry<String, Integer> registry =
        Registry.<String, Integer>unique("U")
            .listener(listener, ListenersThatThrowTest::broken)
            .create(node);
    assertThat(registry.register(a, "k", 1)).isEqualTo(new Registration.Registered());
    assertThat(registry.register(a, "l", 1)).isEqualTo(new Registration.Registered());
    registry.unregister(a, "l");
    registry.register(a, "m", 1);
    kill(a);
    assertThat(registry.count()).isZero();
    assertThat(registry.keys()).isEmpty();
    assertThat(registry.keys(a)).isEmpty();
    assertThat(told).hasSize(6).allMatch(e -> e.name().equals("athanor.registry.listener_failed"));
    assertThat(told.getFirst().metadata().get("registry")).isEqualTo(registry);
  }

  @Test
  void groups_monitorThrows_membersComeAndGoAllTheSame() {
    Groups<String> groups = Groups.create(node, "scope");
    groups.monitor("g", listener, ListenersThatThrowTest::broken);
    groups.monitorScope(listener, ListenersThatThrowTest::broken);
    assertThat(groups.join("g", a)).isTrue();
    assertThat(groups.join("h", a)).isTrue();
    assertThat(groups.members("g")).containsExactly(a);
    assertThat(groups.leave("g", a)).isTrue();
    groups.join("g", a);
    kill(a);
    assertThat(groups.groups()).isEmpty();
    assertThat(groups.groupsOf(a)).isEmpty();
  }
}

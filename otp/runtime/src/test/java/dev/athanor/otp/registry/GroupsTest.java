package dev.athanor.otp.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.ets.ManualScheduler;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class GroupsTest {

  private final ManualScheduler scheduler = new ManualScheduler();
  private final Node node = Node.on(scheduler);
  private final Groups<String> groups = Groups.create(node, "scope");
  private final Pid<Runnable> a = ManualScheduler.doer(node);
  private final Pid<Runnable> b = ManualScheduler.doer(node);
  private final Pid<Runnable> watcher = ManualScheduler.doer(node);
  private final List<Groups.Change<String>> heard = new ArrayList<>();

  private Groups.Monitor monitor(String group) {
    return groups.monitor(group, watcher, change -> () -> heard.add(change));
  }

  @Test
  void join_severalTimes_isLeftAsOften() {
    assertThat(groups.leave("g", a)).isFalse();
    groups.join("g", List.of(a, b, a));
    assertThat(groups.members("g")).containsExactly(a, b, a);
    assertThat(groups.size("g")).isEqualTo(3);
    assertThat(groups.groupsOf(a)).containsExactly("g", "g");
    assertThat(groups.leave("g", a)).isTrue();
    assertThat(groups.members("g")).containsExactly(b, a);
    assertThat(groups.leave("g", List.of(a, a, b))).isTrue();
    assertThat(groups.groups()).isEmpty();
    assertThat(groups.members("g")).isEmpty();
  }

  @Test
  void exit_ofAMember_leavesEveryGroupBeforeItIsAnnounced() {
    groups.join("g", List.of(a, b, a));
    groups.join("h", a);
    List<Object> atDown = new ArrayList<>();
    var announced = node.exited(a).thenRun(() -> atDown.add(groups.members("g")));
    node.exit(a, ExitReason.KILL);
    scheduler.run();
    assertThat(announced).isCompleted();
    assertThat(atDown).containsExactly(List.of(b));
    assertThat(groups.groups()).containsExactly("g");
    assertThat(groups.join("g", a)).isFalse();
  }

  @Test
  void monitor_ofAGroup_hearsWhatComesAfterItsMembers() {
    groups.join("g", a);
    Groups.Monitor monitor = monitor("g");
    assertThat(monitor.members()).containsExactly(a);
    groups.join("g", b);
    groups.join("other", b);
    groups.leave("g", a);
    node.exit(b, ExitReason.KILL);
    scheduler.run();
    assertThat(groups.groups()).isEmpty();
    groups.join("g", a);
    scheduler.run();
    assertThat(heard)
        .containsExactly(
            new Groups.Joined<>("g", b),
            new Groups.Left<>("g", a),
            new Groups.Left<>("g", b),
            new Groups.Joined<>("g", a));
    monitor.end();
    monitor.end();
    groups.leave("g", a);
    scheduler.run();
    assertThat(heard).hasSize(4);
  }

  @Test
  void monitor_whoseWatcherExits_isGone() {
    monitor("g");
    node.exit(watcher, ExitReason.KILL);
    scheduler.run();
    groups.join("g", a);
    assertThat(monitor("g").members()).containsExactly(a);
    groups.join("g", b);
    scheduler.run();
    assertThat(heard).isEmpty();
  }

  @Test
  void monitorScope_hearsOfGroupsThatComeLaterToo() {
    groups.join("g", List.of(a, b));
    Groups.ScopeMonitor<String> monitor =
        groups.monitorScope(watcher, change -> () -> heard.add(change));
    assertThat(monitor.members()).isEqualTo(Map.of("g", List.of(a, b)));
    groups.join("later", a);
    node.exit(a, ExitReason.KILL);
    scheduler.run();
    groups.join("later", b);
    scheduler.run();
    assertThat(heard)
        .startsWith(new Groups.Joined<>("later", a))
        .contains(new Groups.Left<>("g", a), new Groups.Left<>("later", a))
        .endsWith(new Groups.Joined<>("later", b))
        .hasSize(4);
    monitor.end();
    groups.join("g", b);
    scheduler.run();
    assertThat(heard).hasSize(4);
    assertThat(groups.groups()).containsExactlyInAnyOrder("g", "later");
  }

  @Test
  void monitorScope_whileThreadsOpenAndCloseGroups_addsUpToTheMembers() throws Exception {
    Map<String, Integer> counted = new HashMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> running = new ArrayList<>();
      for (Pid<?> pid : List.of(a, b)) {
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20_000; i++) {
                    groups.join("g" + i % 7, pid);
                    if (i % 10 != 0) {
                      groups.leave("g" + i % 7, pid);
                    }
                  }
                }));
      }
      groups
          .monitorScope(watcher, change -> () -> heard.add(change))
          .members()
          .forEach((group, members) -> counted.put(group, members.size()));
      for (Future<?> f : running) {
        f.get();
      }
    }
    scheduler.run();
    for (Groups.Change<String> change : heard) {
      counted.merge(change.group(), change instanceof Groups.Joined<String> ? 1 : -1, Integer::sum);
    }
    Map<String, Integer> there = new HashMap<>();
    groups.groups().forEach(group -> there.put(group, (int) groups.size(group)));
    assertThat(counted).isEqualTo(there);
    assertThat(there.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(4_000);
  }

  @Test
  void monitor_whileThreadsJoinAndLeave_addsUpToTheMembers() throws Exception {
    Map<Pid<?>, Integer> counted = new HashMap<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> running = new ArrayList<>();
      for (Pid<?> pid : List.of(a, b)) {
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20_000; i++) {
                    groups.join("g", pid);
                    if (i % 3 != 0) {
                      groups.leave("g", pid);
                    }
                  }
                }));
      }
      List<Pid<?>> first = monitor("g").members();
      first.forEach(pid -> counted.merge(pid, 1, Integer::sum));
      for (Future<?> f : running) {
        f.get();
      }
    }
    scheduler.run();
    for (Groups.Change<String> change : heard) {
      switch (change) {
        case Groups.Joined<String> joined -> counted.merge(joined.pid(), 1, Integer::sum);
        case Groups.Left<String> left -> counted.merge(left.pid(), -1, Integer::sum);
      }
    }
    assertThat(counted.values()).containsOnly(6_667);
    assertThat(groups.size("g")).isEqualTo(2 * 6_667);
  }
}

package dev.athanor.otp.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Scripted.Act;
import dev.athanor.otp.testing.DeterministicScheduler;
import dev.athanor.otp.testing.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExitedTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(7);
  private final Node node = Node.on(scheduler);
  private final Pid<Act> pid = node.spawn(new Scripted());

  private List<Probe<Object>> watching() {
    List<Probe<Object>> probes = Stream.generate(() -> Probe.on(node)).limit(20).toList();
    probes.forEach(each -> scheduler.await(each.run(self -> self.monitor(pid))));
    return probes;
  }

  @Test
  void exited_completes_whenEveryMonitorWasSignalled() {
    List<Probe<Object>> before = watching();
    List<Probe<Object>> after = new ArrayList<>();
    CompletionStage<Long> signalled =
        node.exited(pid)
            .thenApply(
                reason ->
                    Stream.concat(before.stream(), after.stream())
                        .mapToLong(each -> node.info(each.pid()).mailboxLength())
                        .sum());
    after.addAll(watching());
    node.exit(pid, ExitReason.KILL);
    assertThat(scheduler.await(signalled)).isEqualTo(40);
  }
}

package dev.athanor.otp.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import dev.athanor.otp.telemetry.Event;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What a crash, a start and a stop leave behind for those who read reports.
class ReportsTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(21);
  private final Node node = Node.on(scheduler);
  private final List<Event> reports = new ArrayList<>();

  ReportsTest() {
    node.telemetry().attach("reports", "athanor", reports::add);
  }

  private List<String> names() {
    return reports.stream().map(event -> event.name().replace("athanor.", "")).toList();
  }

  private Event report(String name) {
    return reports.stream()
        .filter(event -> event.name().equals("athanor." + name))
        .findFirst()
        .orElseThrow();
  }

  private Pid<Supervisor.Command> supervise(ChildSpec child) {
    return scheduler
        .await(Supervisor.start(node, SupervisorSpec.of(Strategy.ONE_FOR_ONE, child)))
        .orThrow();
  }

  @Test
  @SuppressWarnings("unchecked")
  void crash_ofASupervisedServer_reportedByServerProcessAndSupervisor() {
    var supervisor = supervise(ChildSpec.server("clerk", Clerk::new, ServerOptions.named("clerk")));
    Pid<?> pid = Objects.requireNonNull(node.whereis("clerk"));
    assertThat(report("supervisor.child_started").metadata())
        .isEqualTo(
            java.util.Map.of(
                "supervisor",
                supervisor,
                "child",
                "clerk",
                "pid",
                pid,
                "restart",
                ChildSpec.server("x", Clerk::new).restart(),
                "shutdown",
                ChildSpec.server("x", Clerk::new).shutdown(),
                "type",
                ChildSpec.server("x", Clerk::new).type()));
    reports.clear();
    GenServer.cast((Pid<Clerk.Ask>) pid, new Clerk.Fail());
    scheduler.runUntilIdle();
    assertThat(names())
        .containsExactly(
            "server.crashed",
            "process.crashed",
            "supervisor.child_terminated",
            "supervisor.restart",
            "supervisor.child_started");
    var crash = report("server.crashed").metadata();
    assertThat(crash.get("pid")).isEqualTo(pid);
    assertThat(crash.get("server")).isEqualTo(Clerk.class.getName());
    assertThat(crash.get("state")).isEqualTo("***");
    assertThat(String.valueOf(crash.get("last"))).contains("Fail[]");
    assertThat(crash.get("reason"))
        .isInstanceOfSatisfying(
            ExitReason.Crashed.class,
            crashed -> {
              assertThat(crashed.cause()).hasMessage("failed as told");
              assertThat(crashed.cause().getStackTrace()).isNotEmpty();
            });
    assertThat(report("supervisor.child_terminated").metadata().get("reason"))
        .isEqualTo(crash.get("reason"));
  }

  @Test
  void start_failed_reportedWithTheReason() {
    ExitReason broke = ExitReason.of("broke");
    var outcome =
        scheduler.await(
            Supervisor.start(
                node,
                SupervisorSpec.of(
                    Strategy.ONE_FOR_ONE,
                    ChildSpec.server("never", () -> new Ending(InitResult.stop(broke))))));
    assertThat(outcome.getClass().getSimpleName()).isEqualTo("Failed");
    scheduler.runUntilIdle();
    var failure = report("supervisor.start_failed").metadata();
    assertThat(failure.get("child")).isEqualTo("never");
    assertThat(failure.get("reason")).isEqualTo(broke);
    assertThat(failure.get("pid")).isNull();
  }

  @Test
  void stop_inOrder_isNoCrash() {
    var supervisor = supervise(ChildSpec.server("clerk", Clerk::new));
    scheduler.await(GenServer.stop(supervisor));
    assertThat(names())
        .containsExactly(
            "supervisor.child_started",
            "process.exited",
            "supervisor.child_terminated",
            "process.exited");
  }

  @Test
  void stop_byDecisionForABadReason_isReportedAsACrash() {
    Ending server = new Ending(InitResult.ok("s"));
    Pid<Boom> pid = scheduler.await(GenServer.start(node, server)).orThrow();
    var call = GenServer.call(pid, new Boom()).toCompletableFuture();
    scheduler.runUntilIdle();
    assertThat(call).isCompletedExceptionally();
    assertThat(names()).containsExactly("server.crashed", "process.crashed");
    assertThat(report("server.crashed").metadata().get("reason"))
        .isEqualTo(ExitReason.of("bad day"));
    assertThat(report("server.crashed").metadata().get("state")).isEqualTo("last");
  }

  record Boom() implements Request<String> {}

  private static final class Ending implements GenServer<Boom, String> {
    private final InitResult<String> init;

    Ending(InitResult<String> init) {
      this.init = init;
    }

    @Override
    public InitResult<String> init(ServerSelf<Boom> self) {
      return init;
    }

    @Override
    public Next<String> handleCall(Boom request, From<?> from, String state) {
      return Next.stop(ExitReason.of("bad day"), "last");
    }
  }
}

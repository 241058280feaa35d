package dev.athanor.otp.conformance;

import static dev.athanor.otp.conformance.Scenario.differs;
import static dev.athanor.otp.conformance.Scenario.same;
import static dev.athanor.otp.conformance.Stage.BOOM;
import static dev.athanor.otp.conformance.Terms.tuple;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.StartResult;
import dev.athanor.otp.supervisor.AutoShutdown;
import dev.athanor.otp.supervisor.ChildInfo;
import dev.athanor.otp.supervisor.ChildSpec;
import dev.athanor.otp.supervisor.DynamicSupervisor;
import dev.athanor.otp.supervisor.PartitionSupervisor;
import dev.athanor.otp.supervisor.Restart;
import dev.athanor.otp.supervisor.Strategy;
import dev.athanor.otp.supervisor.Supervisor;
import dev.athanor.otp.supervisor.SupervisorSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// supervisor and DynamicSupervisor.
class SupervisorConformanceTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void supervisor_everyScenario_answersAsOtp(Scenario scenario) throws Exception {
    scenario.check();
  }

  static Stream<Scenario> scenarios() {
    return Stream.of(strategies(), restarts(), limits(), administration(), dynamic())
        .flatMap(scenario -> scenario);
  }

  private static Stream<Scenario> strategies() {
    String stopOrder = "[{down,c,shutdown},{down,b,shutdown},{down,a,shutdown}]";
    return Stream.of(
        same(
            "one_for_one of a, b, c: b crashes; then all stop",
            "{[{up,a},{up,b},{up,c},{down,b,boom},{up,b}]," + stopOrder + "}",
            () -> crashOfB(Strategy.ONE_FOR_ONE)),
        same(
            "one_for_all of a, b, c: b crashes; then all stop",
            "{[{up,a},{up,b},{up,c},{down,b,boom},{down,c,shutdown},{down,a,shutdown},"
                + "{up,a},{up,b},{up,c}],"
                + stopOrder
                + "}",
            () -> crashOfB(Strategy.ONE_FOR_ALL)),
        same(
            "rest_for_one of a, b, c: b crashes; then all stop",
            "{[{up,a},{up,b},{up,c},{down,b,boom},{down,c,shutdown},{up,b},{up,c}],"
                + stopOrder
                + "}",
            () -> crashOfB(Strategy.REST_FOR_ONE)));
  }

  private static Pid<Supervisor.Command> abc(Stage stage, Strategy strategy) {
    return stage
        .scheduler
        .await(
            Supervisor.start(
                stage.node,
                SupervisorSpec.of(strategy, stage.child("a"), stage.child("b"), stage.child("c"))))
        .orThrow();
  }

  private static Object crashOfB(Strategy strategy) {
    Stage stage = new Stage();
    Pid<Supervisor.Command> supervisor = abc(stage, strategy);
    stage.end("b", BOOM);
    List<Object> events = stage.diary();
    stage.stop(supervisor);
    return tuple(events, stage.diary());
  }

  private static Stream<Scenario> restarts() {
    List<Scenario> all = new ArrayList<>();
    for (Restart restart : Restart.values()) {
      for (ExitReason reason :
          List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, ExitReason.shutdown("x"), BOOM)) {
        boolean again =
            switch (restart) {
              case PERMANENT -> true;
              case TRANSIENT -> reason.equals(BOOM);
              case TEMPORARY -> false;
            };
        String term = Terms.of(reason);
        all.add(
            same(
                "a %s child ends with %s".formatted(Terms.of(restart), term),
                "[{up,a},{down,a,%s}%s]".formatted(term, again ? ",{up,a}" : ""),
                () -> {
                  Stage stage = new Stage();
                  stage.scheduler.await(
                      Supervisor.start(
                          stage.node,
                          SupervisorSpec.of(
                              Strategy.ONE_FOR_ONE, stage.child("a").restart(restart))));
                  stage.end("a", reason);
                  return stage.diary;
                }));
      }
    }
    return all.stream();
  }

  private static Stream<Scenario> limits() {
    return Stream.of(
        same(
            "the third of three children fails to start",
            "{{error,{shutdown,{failed_to_start_child,c,nope}}},"
                + "[{up,a},{up,b},{bad},{down,b,shutdown},{down,a,shutdown}],[]}",
            () -> {
              Stage stage = new Stage();
              ChildSpec bad =
                  ChildSpec.server(
                      "c",
                      () ->
                          stage.script(
                              self -> {
                                stage.diary.add(tuple("bad"));
                                return InitResult.stop(ExitReason.of("nope"));
                              }));
              Stage.Actor parent = stage.trapping();
              StartResult<Supervisor.Command> result =
                  parent.starts(
                      self ->
                          Supervisor.startLink(
                              self,
                              SupervisorSpec.of(
                                  Strategy.ONE_FOR_ONE, stage.child("a"), stage.child("b"), bad)));
              return tuple(result, stage.diary, parent.heard);
            }),
        same(
            "intensity 1 in 5 s, two crashes",
            "{{sup_down,shutdown},[{up,a},{down,a,boom},{up,a},{down,a,boom}],"
                + "[{'EXIT',shutdown}]}",
            () ->
                supervised(
                    stage ->
                        SupervisorSpec.of(Strategy.ONE_FOR_ONE, stage.child("a"))
                            .intensity(1, Duration.ofSeconds(5)),
                    stage -> {
                      stage.end("a", BOOM);
                      stage.end("a", BOOM);
                    })),
        same(
            "auto_shutdown any_significant, a significant transient child ends normally",
            "{{sup_down,shutdown},[{up,a},{up,b},{down,a,normal},{down,b,shutdown}],"
                + "[{'EXIT',shutdown}]}",
            () ->
                supervised(
                    stage ->
                        SupervisorSpec.of(Strategy.ONE_FOR_ONE)
                            .autoShutdown(
                                AutoShutdown.ANY_SIGNIFICANT,
                                stage.child("a").restart(Restart.TRANSIENT).significant(true),
                                stage.child("b")),
                    stage -> stage.end("a", ExitReason.NORMAL))),
        differs(
            "a significant child under auto_shutdown never",
            "{error,{start_spec,{bad_combination,[{auto_shutdown,never},{significant,true}]}}}",
            "IllegalArgumentException",
            "0013",
            () -> {
              ChildSpec child = new Stage().child("a").restart(Restart.TRANSIENT).significant(true);
              try {
                return SupervisorSpec.of(Strategy.ONE_FOR_ONE, child);
              } catch (IllegalArgumentException refused) {
                return refused.getClass().getSimpleName();
              }
            }),
        same(
            "the flags of a supervisor by default",
            "{3,5000,one_for_one,never}",
            () -> {
              SupervisorSpec spec = SupervisorSpec.of(Strategy.ONE_FOR_ONE);
              return tuple(
                  spec.intensity(), spec.period().toMillis(), spec.strategy(), spec.autoShutdown());
            }));
  }

  /// How a supervisor ended, what was written, and what its parent heard, which traps exits.
  private static Object supervised(
      java.util.function.Function<Stage, SupervisorSpec> spec,
      java.util.function.Consumer<Stage> misfortune) {
    Stage stage = new Stage();
    Stage.Actor parent = stage.trapping();
    Pid<Supervisor.Command> supervisor =
        parent.starts(self -> Supervisor.startLink(self, spec.apply(stage))).orThrow();
    CompletableFuture<ExitReason> down = stage.node.exited(supervisor).toCompletableFuture();
    misfortune.accept(stage);
    return tuple(tuple("sup_down", down.join()), stage.diary, parent.heard);
  }

  private static Stream<Scenario> administration() {
    return Stream.of(
        same(
            "which_children of a, b, c",
            "[c,b,a]",
            () -> {
              Stage stage = new Stage();
              return stage
                  .scheduler
                  .await(Supervisor.whichChildren(abc(stage, Strategy.ONE_FOR_ONE)))
                  .stream()
                  .map(ChildInfo::id)
                  .toList();
            }),
        same(
            "terminate b; which_children; restart a, b; delete b, zz",
            "{ok,[{c,true},{b,false},{a,true}],{error,running},ok,{error,running},"
                + "{error,not_found}}",
            () -> {
              Stage stage = new Stage();
              var scheduler = stage.scheduler;
              Pid<Supervisor.Command> supervisor = abc(stage, Strategy.ONE_FOR_ONE);
              return tuple(
                  scheduler.await(Supervisor.terminateChild(supervisor, "b")),
                  scheduler.await(Supervisor.whichChildren(supervisor)).stream()
                      .map(child -> tuple(child.id(), child.pid() != null))
                      .toList(),
                  scheduler.await(Supervisor.restartChild(supervisor, "a")),
                  scheduler.await(Supervisor.restartChild(supervisor, "b")),
                  scheduler.await(Supervisor.deleteChild(supervisor, "b")),
                  scheduler.await(Supervisor.deleteChild(supervisor, "zz")));
            }),
        same(
            "start_child with the id of a running child",
            "{error,{already_started,#PID}}",
            () -> {
              Stage stage = new Stage();
              return stage.scheduler.await(
                  Supervisor.startChild(abc(stage, Strategy.ONE_FOR_ONE), stage.child("a")));
            }),
        same(
            "count_children of three workers",
            "[{specs,3},{active,3},{supervisors,0},{workers,3}]",
            () -> {
              Stage stage = new Stage();
              return stage.scheduler.await(
                  Supervisor.countChildren(abc(stage, Strategy.ONE_FOR_ONE)));
            }));
  }

  private static Stream<Scenario> dynamic() {
    return Stream.of(
        same(
            "PartitionSupervisor of 3: where 1, -1, 0, 4, -5, 6 and 7 go",
            "[1,1,0,1,2,0,1]",
            () -> {
              PartitionSupervisor<Stage.Ask> partitions =
                  PartitionSupervisor.of("P", 3, number -> new Stage().child("p" + number));
              return Stream.of(1, -1, 0, 4, -5, 6, 7).map(partitions::partition).toList();
            }),
        same(
            "DynamicSupervisor with max_children 1: start two, count",
            "{ok,{error,max_children},[{specs,1},{active,1},{supervisors,0},{workers,1}]}",
            () -> {
              Stage stage = new Stage();
              var supervisor = dynamic(stage, 1);
              return tuple(
                  stage.scheduler.await(DynamicSupervisor.startChild(supervisor, stage.child("a"))),
                  stage.scheduler.await(DynamicSupervisor.startChild(supervisor, stage.child("b"))),
                  stage.scheduler.await(DynamicSupervisor.countChildren(supervisor)));
            }),
        same(
            "DynamicSupervisor.terminate_child of a stranger",
            "{error,not_found}",
            () -> {
              Stage stage = new Stage();
              return stage.scheduler.await(
                  DynamicSupervisor.terminateChild(dynamic(stage, 1), stage.actor().pid));
            }),
        differs(
            "DynamicSupervisor.which_children",
            "[{undefined,#PID,worker}]",
            "[{a,#PID,worker}]",
            "0013",
            () -> {
              Stage stage = new Stage();
              var supervisor = dynamic(stage, 1);
              stage.scheduler.await(DynamicSupervisor.startChild(supervisor, stage.child("a")));
              return stage.scheduler.await(DynamicSupervisor.whichChildren(supervisor)).stream()
                  .map(
                      child -> tuple(child.id(), Objects.requireNonNull(child.pid()), child.type()))
                  .toList();
            }),
        same(
            "DynamicSupervisor with max_children 1, full: a child whose init ignores",
            "{error,max_children}",
            () -> {
              Stage stage = new Stage();
              var supervisor = dynamic(stage, 1);
              stage.scheduler.await(DynamicSupervisor.startChild(supervisor, stage.child("a")));
              return stage.scheduler.await(
                  DynamicSupervisor.startChild(
                      supervisor,
                      ChildSpec.server("i", () -> stage.script(self -> InitResult.ignore()))));
            }));
  }

  private static Pid<DynamicSupervisor.Command> dynamic(Stage stage, int maxChildren) {
    return stage
        .scheduler
        .await(
            DynamicSupervisor.start(
                stage.node,
                DynamicSupervisor.Options.DEFAULT.maxChildren(maxChildren),
                ServerOptions.DEFAULT))
        .orThrow();
  }
}

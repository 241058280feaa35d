package dev.athanor.otp.conformance;

import static dev.athanor.otp.conformance.Scenario.differs;
import static dev.athanor.otp.conformance.Scenario.same;
import static dev.athanor.otp.conformance.Stage.BOOM;
import static dev.athanor.otp.conformance.Terms.tuple;

import dev.athanor.otp.conformance.Stage.Ask;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.Action;
import dev.athanor.otp.server.Agent;
import dev.athanor.otp.server.From;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.server.ServerDown;
import dev.athanor.otp.server.ServerOptions;
import dev.athanor.otp.server.StartResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// gen_server and Agent.
class ServerConformanceTest {
  private static final ExitReason R = ExitReason.of("r");

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void server_everyScenario_answersAsOtp(Scenario scenario) throws Exception {
    scenario.check();
  }

  static Stream<Scenario> scenarios() {
    return Stream.of(starts(), turns(), calls(), parents(), ends()).flatMap(scenario -> scenario);
  }

  private static Stream<Scenario> starts() {
    return Stream.of(
        same("start_link, init ignores", "{ignore,[]}", () -> startLink(InitResult.ignore())),
        same(
            "start_link, init stops with r, parent traps",
            "{{error,r},[]}",
            () -> startLink(InitResult.stop(R))),
        same(
            "start_link, init stops with r, parent does not trap",
            "{caller_died,r}",
            () -> {
              Stage stage = new Stage();
              Stage.Actor parent = stage.actor();
              parent.starts(
                  self -> GenServer.startLink(self, stage.script(s -> InitResult.stop(R))));
              return tuple("caller_died", parent.ended.join());
            }),
        same(
            "start, init raises oops",
            "{error,{oops,Stack}}",
            () -> {
              Stage stage = new Stage();
              return stage.start(
                  stage.script(
                      self -> {
                        throw new IllegalStateException("oops");
                      }));
            }),
        differs(
            "start, init returns what it may not",
            "{error,{bad_return_value,foo}}",
            "{error,{IllegalStateException,Stack}}",
            "0013",
            () -> {
              Stage stage = new Stage();
              return stage.start(stage.script(self -> null));
            }),
        same(
            "start with a timeout of 50 ms, init takes longer",
            "{error,timeout}",
            () -> {
              Stage stage = new Stage();
              return stage.scheduler.await(
                  GenServer.start(
                      stage.node,
                      stage.script(self -> InitResult.later(new CompletableFuture<>())),
                      ServerOptions.DEFAULT.initTimeout(Duration.ofMillis(50))));
            }),
        same(
            "child_spec of a GenServer",
            "{permanent,{within,5000},worker}",
            () -> {
              var spec = new Stage().child("GS");
              return tuple(
                  spec.restart(),
                  spec.shutdown()
                          instanceof dev.athanor.otp.supervisor.Shutdown.Within(Duration limit)
                      ? tuple("within", limit.toMillis())
                      : spec.shutdown(),
                  spec.type());
            }));
  }

  /// The outcome, and what the parent heard, which traps exits.
  private static Object startLink(InitResult<String> decision) {
    Stage stage = new Stage();
    Stage.Actor parent = stage.trapping();
    StartResult<Ask> result =
        parent.starts(self -> GenServer.startLink(self, stage.script(s -> decision)));
    return tuple(result, parent.heard);
  }

  private static Stream<Scenario> turns() {
    return Stream.of(
        same(
            "init continues, two messages wait",
            "[{continue,c},{info,first},{info,second}]",
            () -> waiting(Action.continueWith("c"), "first", "second")),
        same(
            "init with timeout 0, nothing waits",
            "[timeout_msg]",
            () -> waiting(Action.timeout(Duration.ZERO))),
        same(
            "init with timeout 0, a message waits",
            "[{info,q}]",
            () -> waiting(Action.timeout(Duration.ZERO), "q")),
        same(
            "a timeout, any message comes before it",
            "[{info,x}]",
            () -> {
              Stage stage = new Stage();
              Action timeout = Action.timeout(Duration.ofMillis(50));
              Pid<Ask> pid = stage.up(stage.script(self -> InitResult.ok("s", timeout)));
              stage.info(pid, "x");
              stage.scheduler.advance(Duration.ofSeconds(1));
              return stage.diary;
            }));
  }

  /// What reaches a server whose init decides so while messages wait.
  private static Object waiting(Action action, String... messages) {
    Stage stage = new Stage();
    stage.up(
        stage.script(
            self -> {
              for (String message : messages) {
                stage.info(self.pid(), message);
              }
              return InitResult.ok("s", action);
            }));
    stage.scheduler.advance(Duration.ofSeconds(1));
    return stage.diary;
  }

  private static Stream<Scenario> calls() {
    return Stream.of(
        same(
            "call with a timeout, the reply is late",
            "{{exit,{timeout,{gen_server,call,..}}},[]}",
            () -> {
              Stage stage = new Stage();
              Stage.Actor caller = stage.trapping();
              Pid<Ask> pid = stage.up();
              AtomicReference<From<String>> kept = new AtomicReference<>();
              AtomicReference<Throwable> failed = new AtomicReference<>();
              caller.does(
                  self ->
                      self.await(
                          GenServer.call(
                              pid,
                              new Stage.Do(
                                  from -> {
                                    kept.set(from);
                                    return Next.noReply("s");
                                  }),
                              Duration.ofMillis(50)),
                          (value, failure) -> failed.set(failure)));
              stage.scheduler.advance(Duration.ofSeconds(1));
              kept.get().reply("late");
              stage.scheduler.runUntilIdle();
              return tuple(failed.get(), caller.heard);
            }),
        same(
            "call the pid of the dead",
            "{exit,{noproc,{gen_server,call,..}}}",
            () -> {
              Stage stage = new Stage();
              Pid<Ask> pid = stage.up();
              stage.stop(pid);
              return stage.call(pid, from -> Next.reply("r", "s"));
            }),
        same(
            "call a name nobody has",
            "{exit,{noproc,{gen_server,call,..}}}",
            () -> {
              Stage stage = new Stage();
              return stage.outcome(
                  GenServer.call(
                      stage.node,
                      Name.local("nobody"),
                      new Stage.Do(from -> Next.reply("r", "s"))));
            }),
        same(
            "call oneself",
            "{exit,{calling_self,{gen_server,call,..}}}",
            () -> {
              Stage stage = new Stage();
              Stage.Script script = stage.new Script();
              Pid<Ask> pid = stage.up(script);
              AtomicReference<Object> failed = new AtomicReference<>();
              GenServer.cast(
                  pid,
                  new Stage.Do(
                      from -> {
                        script.self.await(
                            GenServer.call(pid, new Stage.Do(f -> Next.reply("r", "s"))),
                            (value, failure) -> failed.set(failure));
                        return Next.noReply("s");
                      }));
              stage.scheduler.runUntilIdle();
              return failed.get();
            }),
        same(
            "call, the server stops with normal and does not reply",
            "{exit,{normal,{gen_server,call,..}}}",
            () -> calling(from -> Next.stop(ExitReason.NORMAL, "s"))),
        same(
            "call, the server stops with shutdown and replies",
            "rep",
            () -> calling(from -> Next.stop(ExitReason.SHUTDOWN, "rep", "s"))),
        same(
            "call, the server crashes",
            "{exit,{{oops,Stack},{gen_server,call,..}}}",
            () ->
                calling(
                    from -> {
                      throw new IllegalStateException("oops");
                    })),
        differs(
            "handle_call throws its answer",
            "thrown",
            "{exit,{{thrown,Stack},{gen_server,call,..}}}",
            "0013",
            () ->
                calling(
                    from -> {
                      throw new IllegalArgumentException("thrown");
                    })),
        same(
            "a later reply by way of from",
            "later",
            () -> {
              Stage stage = new Stage();
              Pid<Ask> pid = stage.up();
              AtomicReference<From<String>> kept = new AtomicReference<>();
              var call =
                  GenServer.call(
                      pid,
                      new Stage.Do(
                          from -> {
                            kept.set(from);
                            return Next.noReply("s");
                          }));
              stage.scheduler.runUntilIdle();
              stage.actor().does(self -> kept.get().reply("later"));
              return stage.outcome(call);
            }),
        differs(
            "handle_call returns what it may not",
            "{exit,{{bad_return_value,nonsense},{gen_server,call,..}}}",
            "{exit,{{IllegalStateException,Stack},{gen_server,call,..}}}",
            "0013",
            () -> calling(from -> null)),
        same(
            "Agent: get_and_update, get, cast, get",
            "{2,20}",
            () -> {
              Stage stage = new Stage();
              var agent =
                  stage
                      .scheduler
                      .await(Agent.start(stage.node, () -> 1, ServerOptions.DEFAULT))
                      .orThrow();
              stage.scheduler.await(Agent.getAndUpdate(agent, n -> new Agent.Outcome<>(n, n + 1)));
              Integer first = stage.scheduler.await(Agent.<Integer, Integer>get(agent, n -> n));
              Agent.cast(agent, n -> n * 10);
              return tuple(
                  first, stage.scheduler.await(Agent.<Integer, Integer>get(agent, n -> n)));
            }));
  }

  private static Object calling(java.util.function.Function<From<String>, Next<String>> action) {
    Stage stage = new Stage();
    return stage.call(stage.up(), action);
  }

  private static Stream<Scenario> parents() {
    List<Scenario> all = new ArrayList<>();
    for (ExitReason reason : List.of(ExitReason.NORMAL, ExitReason.SHUTDOWN, BOOM)) {
      for (boolean traps : List.of(false, true)) {
        String answer =
            traps
                ? "{{down,%s},[{terminate,%s}]}".formatted(reason, reason)
                : reason.equals(ExitReason.NORMAL)
                    ? "{alive,[]}"
                    : "{{down,%s},[]}".formatted(reason);
        all.add(
            same(
                "parent ends with %s, child %s"
                    .formatted(reason, traps ? "traps" : "does not trap"),
                answer,
                () -> orphan(reason, traps)));
      }
    }
    for (ExitReason reason : List.of(ExitReason.NORMAL, BOOM)) {
      all.add(
          same(
              "one linked to a trapping server, not its parent, ends with " + reason,
              "[{info,{'EXIT'," + reason + "}}]",
              () -> {
                Stage stage = new Stage();
                Pid<Ask> pid =
                    stage.up(
                        stage.script(
                            self -> {
                              self.trapExit(true);
                              return InitResult.ok("s");
                            }));
                stage.actor().does(self -> self.link(pid)).does(self -> self.exit(reason));
                return stage.diary;
              }));
    }
    return all.stream();
  }

  private static Object orphan(ExitReason reason, boolean traps) {
    Stage stage = new Stage();
    Stage.Actor parent = stage.actor();
    Pid<Ask> child =
        parent
            .starts(
                self ->
                    GenServer.startLink(
                        self,
                        stage.script(
                            started -> {
                              started.trapExit(traps);
                              return InitResult.ok("s");
                            })))
            .orThrow();
    var down = stage.node.exited(child).toCompletableFuture();
    parent.does(self -> self.exit(reason));
    return tuple(down.isDone() ? tuple("down", down.join()) : "alive", stage.diary);
  }

  private static Stream<Scenario> ends() {
    return Stream.of(
        same(
            "gen_server:stop",
            "{ok,[{terminate,normal}]}",
            () -> {
              Stage stage = new Stage();
              Object stopped = stage.outcome(GenServer.stop(stage.up()));
              return tuple(stopped == null ? "ok" : stopped, stage.diary);
            }),
        same(
            "gen_server:stop of the dead",
            "{exit,noproc}",
            () -> {
              Stage stage = new Stage();
              Pid<Ask> pid = stage.up();
              stage.stop(pid);
              return tuple("exit", ((ServerDown) stage.outcome(GenServer.stop(pid))).reason());
            }),
        same(
            "exit(P, kill), does terminate run",
            "[]",
            () -> {
              Stage stage = new Stage();
              Pid<Ask> pid =
                  stage.up(
                      stage.script(
                          self -> {
                            self.trapExit(true);
                            return InitResult.ok("s");
                          }));
              stage.node.exit(pid, ExitReason.KILL);
              stage.scheduler.runUntilIdle();
              return stage.diary;
            }),
        same(
            "GenServer.stop with a reason",
            "{ok,[{terminate,shutdown}]}",
            () -> {
              Stage stage = new Stage();
              Object stopped =
                  stage.outcome(
                      GenServer.stop(stage.up(), ExitReason.SHUTDOWN, Duration.ofSeconds(1)));
              return tuple(stopped == null ? "ok" : stopped, stage.diary);
            }));
  }
}

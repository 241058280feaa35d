package dev.athanor.otp.conformance;

import static dev.athanor.otp.conformance.Scenario.differs;
import static dev.athanor.otp.conformance.Scenario.same;
import static dev.athanor.otp.conformance.Terms.tuple;

import dev.athanor.otp.conformance.Stage.Ask;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.Action;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.Next;
import dev.athanor.otp.sys.Debug;
import dev.athanor.otp.sys.Statistics;
import dev.athanor.otp.sys.Sys;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// sys.
class SysConformanceTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void sys_everyScenario_answersAsOtp(Scenario scenario) throws Exception {
    scenario.check();
  }

  static Stream<Scenario> scenarios() {
    return Stream.of(
        same(
            "sys:suspend, a call meanwhile with a timeout, sys:resume, a call",
            "{{exit,{timeout,{gen_server,call,..}}},a}",
            () -> {
              Stage stage = new Stage();
              Pid<Ask> pid = stage.up();
              stage.scheduler.await(Sys.suspend(pid));
              var early = ask(pid, Duration.ofMillis(50)).toCompletableFuture();
              stage.scheduler.advance(Duration.ofMillis(100));
              stage.scheduler.await(Sys.resume(pid));
              return tuple(
                  early.exceptionNow(), stage.scheduler.await(ask(pid, GenServer.CALL_TIMEOUT)));
            }),
        same(
            "sys:get_state, replace_state, get_state",
            "{a,b,b}",
            () -> {
              Stage stage = new Stage();
              Pid<Ask> pid = stage.up();
              return tuple(
                  stage.scheduler.await(Sys.getState(pid)),
                  stage.scheduler.await(Sys.replaceState(pid, state -> "b")),
                  stage.scheduler.await(Sys.getState(pid)));
            }),
        differs(
            "sys:statistics, its keys",
            "[start_time,current_time,reductions,messages_in,messages_out]",
            "[start_time_nanos,current_time_nanos,reductions,messages_in,messages_out]",
            "0028",
            () -> {
              Stage stage = new Stage();
              Pid<Ask> pid = stage.up();
              stage.scheduler.await(Debug.statistics(pid, true));
              Statistics read = stage.scheduler.await(Debug.statistics(pid)).orElseThrow();
              return Arrays.stream(read.getClass().getRecordComponents())
                  .map(RecordComponent::getName)
                  .map(name -> name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                  .toList();
            }),
        same(
            "sys:change_code while it runs, its state afterwards",
            "{error,a}",
            () -> {
              Stage stage = new Stage();
              Pid<Ask> pid = stage.up();
              var change = Sys.changeCode(pid, 1, "x").toCompletableFuture();
              stage.scheduler.runUntil(change::isDone);
              return tuple(
                  change.isCompletedExceptionally() ? "error" : "ok",
                  stage.scheduler.await(Sys.getState(pid)));
            }),
        same(
            "sys:get_state in the middle of a receive timeout: what came when it would have been"
                + " over, and later",
            "{[],[timeout_msg]}",
            () -> {
              Stage stage = new Stage();
              Pid<Ask> pid = waiting(stage);
              stage.scheduler.advance(Duration.ofMillis(500));
              stage.scheduler.await(Sys.getState(pid));
              stage.scheduler.advance(Duration.ofMillis(500));
              List<Object> then = stage.diary();
              stage.scheduler.advance(Duration.ofMillis(600));
              return tuple(then, stage.diary());
            }),
        same(
            "a receive timeout passes while suspended: what came after sys:resume, and later",
            "{[],[timeout_msg]}",
            () -> {
              Stage stage = new Stage();
              Pid<Ask> pid = waiting(stage);
              stage.scheduler.await(Sys.suspend(pid));
              stage.scheduler.advance(Duration.ofMillis(1200));
              stage.scheduler.await(Sys.resume(pid));
              stage.scheduler.advance(Duration.ofMillis(50));
              List<Object> then = stage.diary();
              stage.scheduler.advance(Duration.ofMillis(1200));
              return tuple(then, stage.diary());
            }),
        same(
            "gen_server:stop while suspended",
            "{ok,[{terminate,normal}]}",
            () -> {
              Stage stage = new Stage();
              Pid<Ask> pid = stage.up();
              stage.scheduler.await(Sys.suspend(pid));
              stage.scheduler.await(GenServer.stop(pid));
              return tuple("ok", stage.diary());
            }),
        same(
            "sys:terminate with enough while suspended",
            "[{terminate,enough}]",
            () -> {
              Stage stage = new Stage();
              Pid<Ask> pid = stage.up();
              stage.scheduler.await(Sys.suspend(pid));
              stage.scheduler.await(Sys.terminate(pid, ExitReason.of("enough")));
              stage.scheduler.runUntilIdle();
              return stage.diary();
            }),
        same(
            "the parent ends with boom while its trapping child is suspended: alive, what it wrote",
            "{false,[{terminate,boom}]}",
            () -> {
              Stage stage = new Stage();
              Stage.Actor parent = stage.actor();
              Pid<Ask> child =
                  parent
                      .starts(
                          self ->
                              GenServer.startLink(
                                  self,
                                  stage.script(
                                      server -> {
                                        server.trapExit(true);
                                        return InitResult.ok("a");
                                      })))
                      .orThrow();
              stage.scheduler.await(Sys.suspend(child));
              parent.does(self -> self.exit(Stage.BOOM));
              return tuple(child.isAlive(), stage.diary());
            }));
  }

  /// A server in a receive timeout of 800 ms.
  private static Pid<Ask> waiting(Stage stage) {
    Pid<Ask> pid = stage.up();
    GenServer.cast(
        pid, new Stage.Do(from -> Next.noReply("a").then(Action.timeout(Duration.ofMillis(800)))));
    return pid;
  }

  private static CompletionStage<String> ask(Pid<Ask> pid, Duration timeout) {
    return GenServer.call(pid, new Stage.Do(from -> Next.reply("a", "s")), timeout);
  }
}

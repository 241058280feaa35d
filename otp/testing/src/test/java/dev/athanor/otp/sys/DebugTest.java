package dev.athanor.otp.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.Behavior.What;
import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.InitResult;
import dev.athanor.otp.server.ServerSelf;
import dev.athanor.otp.statem.Event;
import dev.athanor.otp.statem.GenStatem;
import dev.athanor.otp.statem.StateAction;
import dev.athanor.otp.statem.StateData;
import dev.athanor.otp.statem.Step;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DebugTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(13);
  private final Node node = Node.on(scheduler);
  private final List<String> seen = new ArrayList<>();

  private Pid<Clerk.Ask> clerk() {
    return scheduler.await(GenServer.start(node, new Clerk())).orThrow();
  }

  private void note(TraceEvent event) {
    seen.add(event.event().what() + " " + event.event().subject());
  }

  private void put(Pid<Clerk.Ask> pid, String value) {
    GenServer.cast(pid, new Clerk.Put(value));
  }

  @Test
  void statistics_switchedOn_countsFromZero() {
    Pid<Clerk.Ask> pid = clerk();
    put(pid, "before");
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(scheduler.await(Debug.statistics(pid))).isEmpty();
    scheduler.await(Debug.statistics(pid, true));
    put(pid, "b");
    scheduler.await(GenServer.call(pid, new Clerk.Get()));
    scheduler.advance(Duration.ofSeconds(1));
    Statistics statistics = scheduler.await(Debug.statistics(pid)).orElseThrow();
    assertThat(statistics).isEqualTo(new Statistics(1_000_000_000L, 2_000_000_000L, 3, 2, 1));
    scheduler.await(Debug.statistics(pid, false));
    assertThat(scheduler.await(Debug.statistics(pid))).isEqualTo(Optional.empty());
    assertThat(scheduler.await(Sys.getStatus(pid)).debug()).isEmpty();
  }

  @Test
  void statistics_plainProcess_countsMessages() {
    Pid<String> plain = node.spawn((self, message) -> {});
    scheduler.await(Debug.statistics(plain, true));
    plain.send("one");
    plain.send("two");
    Statistics statistics = scheduler.await(Debug.statistics(plain)).orElseThrow();
    assertThat(statistics.messagesIn()).isEqualTo(2);
    assertThat(statistics.messagesOut()).isZero();
    assertThat(statistics.reductions()).isEqualTo(3);
  }

  @Test
  void log_moreEventsThanItKeeps_hasTheLast() {
    Pid<Clerk.Ask> pid = clerk();
    scheduler.await(Debug.log(pid, 3));
    put(pid, "b");
    put(pid, "c");
    assertThat(scheduler.await(Debug.log(pid)))
        .extracting(event -> event.toString().replaceFirst("#Pid<0.\\d+>", "it"))
        .containsExactly("it done, state b", "it got Put[value=c]", "it done, state c");
    scheduler.await(Debug.log(pid, 0));
    assertThat(scheduler.await(Debug.log(pid))).isEmpty();
    assertThatThrownBy(() -> Debug.log(pid, -1)).hasMessageContaining("got -1");
  }

  @Test
  void install_function_hearsUntilItHasEnough() {
    Pid<Clerk.Ask> pid = clerk();
    Debug.Function twice =
        event -> {
          note(event);
          return seen.size() < 2;
        };
    assertThat(scheduler.await(Debug.install(pid, "f", twice))).isTrue();
    assertThat(scheduler.await(Debug.install(pid, "f", twice))).isFalse();
    put(pid, "b");
    put(pid, "c");
    scheduler.runUntilIdle();
    assertThat(seen).containsExactly("IN Put[value=b]", "NO_REPLY null");
    assertThat(scheduler.await(Sys.getStatus(pid)).debug()).isEmpty();
    assertThat(scheduler.await(Debug.remove(pid, "f"))).isFalse();
  }

  @Test
  void install_functionThrows_removedAndReported() {
    List<Object> reports = new ArrayList<>();
    node.telemetry()
        .attach(
            "t", "athanor.sys.debug_failed", event -> reports.add(event.metadata().get("tool")));
    Pid<Clerk.Ask> pid = clerk();
    scheduler.await(
        Debug.install(
            pid,
            "bad",
            event -> {
              throw new IllegalStateException("bad tool");
            }));
    put(pid, "b");
    assertThat(scheduler.await(Sys.getState(pid))).isEqualTo("b");
    assertThat(reports).extracting(String::valueOf).containsExactly("bad");
  }

  @Test
  void none_everythingThatWatches_isGone() {
    Pid<Clerk.Ask> pid = clerk();
    scheduler.await(Debug.log(pid, 3));
    scheduler.await(Debug.statistics(pid, true));
    Trace trace = Trace.of(pid, TraceSpec.events(5), this::note);
    scheduler.runUntilIdle();
    assertThat(scheduler.await(Sys.getStatus(pid)).debug()).hasSize(3);
    scheduler.await(Debug.none(pid));
    assertThat(scheduler.await(Sys.getStatus(pid)).debug()).isEmpty();
    assertThat(scheduler.await(trace.ended())).isEqualTo(Trace.End.GONE);
  }

  @Test
  void trace_limitReached_endsAndLeavesNothingBehind() {
    Pid<Clerk.Ask> pid = clerk();
    Trace trace = Trace.of(pid, TraceSpec.events(3), this::note);
    scheduler.runUntilIdle();
    for (int i = 0; i < 10; i++) {
      put(pid, "v" + i);
    }
    assertThat(scheduler.await(trace.ended())).isEqualTo(Trace.End.LIMIT);
    scheduler.runUntilIdle();
    assertThat(seen).containsExactly("IN Put[value=v0]", "NO_REPLY null", "IN Put[value=v1]");
    assertThat(trace.events()).isEqualTo(3);
    assertThat(scheduler.await(Sys.getStatus(pid)).debug()).isEmpty();
  }

  @Test
  void trace_timeOver_ends() {
    Pid<Clerk.Ask> pid = clerk();
    Trace trace = Trace.of(pid, TraceSpec.events(3).within(Duration.ofSeconds(1)), this::note);
    scheduler.advance(Duration.ofSeconds(1));
    put(pid, "late");
    scheduler.runUntilIdle();
    assertThat(scheduler.await(trace.ended())).isEqualTo(Trace.End.TIME);
    assertThat(seen).isEmpty();
  }

  @Test
  void trace_pattern_tracesThemTogetherWithOneLimit() {
    List<Pid<Clerk.Ask>> clerks = List.of(clerk(), clerk(), clerk());
    for (int i = 0; i < clerks.size(); i++) {
      node.register("clerk " + i, clerks.get(i));
    }
    node.spawn((self, message) -> {});
    Trace trace =
        Trace.matching(
            node,
            info -> info.names().stream().anyMatch(name -> name.startsWith("clerk")),
            TraceSpec.events(4).only(What.IN, What.EXIT),
            this::note);
    scheduler.runUntilIdle();
    for (Pid<Clerk.Ask> pid : clerks) {
      put(pid, "x");
      put(pid, "y");
    }
    assertThat(scheduler.await(trace.ended())).isEqualTo(Trace.End.LIMIT);
    assertThat(seen).hasSize(4).allMatch(line -> line.startsWith("IN Put"));
  }

  @Test
  void trace_processesEnd_hearsWhyAndEnds() {
    Pid<Clerk.Ask> pid = clerk();
    Trace trace = Trace.of(pid, TraceSpec.events(100), this::note);
    scheduler.runUntilIdle();
    GenServer.cast(pid, new Clerk.Fail());
    assertThat(scheduler.await(trace.ended())).isEqualTo(Trace.End.GONE);
    assertThat(seen)
        .containsExactly(
            "IN Fail[]",
            "TERMINATE crashed: java.lang.IllegalStateException: failed as told",
            "EXIT crashed: java.lang.IllegalStateException: failed as told");
  }

  @Test
  void trace_killedOrDeadOrNone_ends() {
    Pid<String> plain = node.spawn((self, message) -> {});
    Trace trace = Trace.of(plain, TraceSpec.events(100), this::note);
    scheduler.runUntilIdle();
    node.exit(plain, ExitReason.KILL);
    assertThat(scheduler.await(trace.ended())).isEqualTo(Trace.End.GONE);
    assertThat(seen).containsExactly("EXIT killed");
    Trace late = Trace.of(plain, TraceSpec.events(1), this::note);
    assertThat(scheduler.await(late.ended())).isEqualTo(Trace.End.GONE);
  }

  @Test
  void trace_pattern_comesToProcessesBornLater() {
    Trace trace =
        Trace.matching(
            node,
            info -> info.behavior().equals(Clerk.class.getName()),
            TraceSpec.events(2).only(What.IN),
            this::note);
    Pid<String> other = node.spawn((self, message) -> {});
    Pid<Clerk.Ask> later = clerk();
    scheduler.runUntilIdle();
    other.send("a");
    put(later, "b");
    put(later, "c");
    assertThat(scheduler.await(trace.ended())).isEqualTo(Trace.End.LIMIT);
    assertThat(seen).hasSize(2).allMatch(line -> line.startsWith("IN Put"));
    put(later, "d");
    scheduler.runUntilIdle();
    assertThat(seen).hasSize(2);
  }

  @Test
  void trace_consumerThrows_endsAndTheProcessLives() {
    Pid<Clerk.Ask> pid = clerk();
    Trace trace =
        Trace.of(
            pid,
            TraceSpec.events(5),
            event -> {
              throw new IllegalStateException("bad consumer");
            });
    scheduler.runUntilIdle();
    put(pid, "b");
    assertThat(scheduler.await(trace.ended())).isEqualTo(Trace.End.FAILED);
    assertThat(scheduler.await(Sys.getState(pid))).isEqualTo("b");
  }

  @Test
  void trace_closed_hearsNothingMore() {
    Pid<Clerk.Ask> pid = clerk();
    try (Trace trace = Trace.of(pid, TraceSpec.events(5), this::note)) {
      assertThat(trace.events()).isZero();
      scheduler.runUntilIdle();
    }
    put(pid, "b");
    scheduler.runUntilIdle();
    assertThat(seen).isEmpty();
  }

  @Test
  void traceSpec_withoutLimit_refused() {
    assertThatThrownBy(() -> TraceSpec.events(0)).hasMessageContaining("got 0");
    assertThatThrownBy(() -> TraceSpec.events(1).within(Duration.ZERO))
        .hasMessageContaining("above zero");
    assertThatThrownBy(() -> TraceSpec.events(1).only()).hasMessageContaining("at least one kind");
  }

  private static final class Light implements GenStatem<String, Boolean, Integer> {
    @Override
    public InitResult<Step.NextState<Boolean, Integer>> init(ServerSelf<String> self) {
      return InitResult.ok(Step.nextState(false, 0));
    }

    @Override
    public Step<Boolean, Integer> handleEvent(Event<String> event, Boolean on, Integer count) {
      return switch (event) {
        case Event.Cast<String>(String word) when word.equals("toggle") ->
            Step.nextState(!on, count + 1, StateAction.stateTimeout(Duration.ofSeconds(1), "off"));
        case Event.StateTimeout<String> _ -> Step.nextState(false, count);
        default -> Step.keepStateAndData(StateAction.postpone());
      };
    }
  }

  @Test
  void machine_traced_tellsOfStatesAndPostponedEvents() {
    Pid<String> light = scheduler.await(GenStatem.start(node, new Light())).orThrow();
    Trace trace = Trace.of(light, TraceSpec.events(100), this::note);
    scheduler.runUntilIdle();
    GenServer.cast(light, "wait");
    GenServer.cast(light, "toggle");
    scheduler.runUntilIdle();
    trace.close();
    assertThat(seen)
        .containsExactly(
            "IN Cast[message=wait]",
            "POSTPONE Cast[message=wait]",
            "IN Cast[message=toggle]",
            "ENTER false",
            "START_TIMER Start[timer=STATE, after=PT1S, content=off]",
            "CONSUME Cast[message=toggle]",
            "IN Cast[message=wait]",
            "POSTPONE Cast[message=wait]");
  }

  @Test
  void machine_stateAndStatus_areStateAndData() {
    Pid<String> light = scheduler.await(GenStatem.start(node, new Light())).orThrow();
    GenServer.cast(light, "wait");
    assertThat(scheduler.await(Sys.getState(light))).isEqualTo(new StateData<>(false, 0));
    assertThat(scheduler.await(Sys.replaceState(light, state -> new StateData<>(true, 7))))
        .isEqualTo(new StateData<>(true, 7));
    Status status = scheduler.await(Sys.getStatus(light));
    assertThat(status.module()).isEqualTo(Light.class.getName());
    assertThat(String.valueOf(status.state()))
        .isEqualTo(
            "{state=StateData[state=true, data=7], postponed=[Cast[message=wait]], queue=[],"
                + " timeouts={}}");
  }
}

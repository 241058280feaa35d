package dev.athanor.otp.task;

import static dev.athanor.otp.task.Desk.ms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.process.Signal;
import dev.athanor.otp.process.SpawnOptions;
import dev.athanor.otp.sys.Sys;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskStreamTest {
  private static final ExitReason BOOM = ExitReason.of("boom");
  private static final ExitReason TIMEOUT = ExitReason.of("timeout");

  private final Desk desk = new Desk();

  private static <T> Task.Outcome<T> ok(T value) {
    return new Task.Outcome.Ok<>(value);
  }

  private static <T> Task.Outcome<T> exit(ExitReason reason) {
    return new Task.Outcome.Exit<>(reason);
  }

  private <I, R> List<TaskStream.Element<I, R>> collect(TaskStream<I, R> stream) {
    CompletionStage<List<TaskStream.Element<I, R>>> all = desk.as(stream::collect);
    return desk.scheduler.await(all);
  }

  @Test
  void ordered_differentTimes_inTheOrderOfTheInputs() {
    assertThat(collect(Task.asyncStream(List.of(30, 10, 20), desk::sleep).maxConcurrency(3)))
        .extracting(TaskStream.Element::outcome)
        .containsExactly(ok(30), ok(10), ok(20));
    assertThat(desk.scheduler.nanoTime()).isEqualTo(30_000_000L);
  }

  @Test
  void unordered_differentTimes_inTheOrderOfTheirEnds() {
    assertThat(
            collect(
                Task.asyncStream(List.of(60, 10, 30), desk::sleep).maxConcurrency(3).unordered()))
        .extracting(TaskStream.Element::outcome)
        .containsExactly(ok(10), ok(30), ok(60));
  }

  @Test
  void each_endsWhileTheOwnerIsBusy_failsWithTheReasonAllTheSame() {
    desk.as(self -> self.trapExit(true));
    List<Integer> taken = new ArrayList<>();
    CompletionStage<Void> done =
        desk.as(
            self ->
                Task.asyncStream(List.of(1, 100), desk::sleep)
                    .maxConcurrency(2)
                    .timeout(ms(10))
                    .each(self, (input, outcome) -> taken.add(input)));
    desk.scheduler.await(Sys.suspend(desk.owner.pid()));
    desk.scheduler.advance(ms(50));
    desk.scheduler.await(Sys.resume(desk.owner.pid()));
    assertThatThrownBy(() -> desk.scheduler.await(done))
        .isInstanceOfSatisfying(
            TaskExit.class, exit -> assertThat(exit.reason()).isEqualTo(TIMEOUT));
    assertThat(taken).containsExactly(1);
  }

  @Test
  void maxConcurrency_two_neverMoreAtATime() {
    int[] most = {0};
    desk.scheduler.afterEachTurn(() -> most[0] = Math.max(most[0], desk.node.processCount() - 2));
    List<Integer> inputs = IntStream.range(0, 20).boxed().toList();
    assertThat(collect(Task.asyncStream(inputs, n -> desk.sleep(10)).maxConcurrency(2)))
        .hasSize(20);
    assertThat(most[0]).isEqualTo(2);
    assertThat(desk.scheduler.nanoTime()).isEqualTo(100_000_000L);
  }

  @Test
  void onTimeoutKill_oneTooSlow_itsInputWithTimeoutAndTheOthers() {
    assertThat(
            collect(
                Task.asyncStream(List.of(200, 1), desk::sleep)
                    .timeout(ms(50))
                    .onTimeout(TaskStream.OnTimeout.KILL)))
        .containsExactly(
            new TaskStream.Element<>(200, exit(TIMEOUT)), new TaskStream.Element<>(1, ok(1)));
    assertThat(desk.node.processCount()).isEqualTo(1);
  }

  @Test
  void onTimeoutExit_oneTooSlow_everythingEnds() {
    var stream = Task.asyncStream(List.of(200, 1, 300), desk::sleep).timeout(ms(50));
    assertThatThrownBy(() -> collect(stream))
        .isInstanceOf(TaskExit.class)
        .hasMessageContaining("timeout");
    desk.scheduler.runUntilIdle();
    assertThat(desk.node.processCount()).isEqualTo(1);
    assertThat(desk.owner.received())
        .singleElement()
        .isInstanceOfSatisfying(
            Signal.Exit.class, signal -> assertThat(signal.reason()).isEqualTo(TIMEOUT));
  }

  @Test
  void crash_ownerTraps_outcomeIsTheReason() {
    assertThat(collect(Task.asyncStream(List.of(1), n -> Desk.exit("boom"))))
        .extracting(TaskStream.Element::outcome)
        .containsExactly(exit(BOOM));
  }

  @Test
  void crash_ownerDoesNotTrap_endsTheOwnerAndAllTasks() {
    Pid<String> owner =
        desk.node.spawn(
            (self, message) ->
                self.await(
                    Task.<Integer, Object>asyncStream(
                            List.of(1, 2), n -> n == 1 ? desk.after(1000, n) : Desk.exit(message))
                        .maxConcurrency(2)
                        .collect(self),
                    (all, failure) -> {}),
            SpawnOptions.DEFAULT);
    var end = desk.node.exited(owner);
    owner.send("boom");
    assertThat(desk.scheduler.await(end)).isEqualTo(BOOM);
    desk.scheduler.runUntilIdle();
    assertThat(desk.node.processCount()).isEqualTo(1);
  }

  @Test
  void ownerEndsNormally_tasksEndToo() {
    Pid<String> owner =
        desk.node.spawn(
            (self, message) -> {
              var _ = Task.asyncStream(List.of(1000, 1000), desk::sleep).collect(self);
              self.exit(ExitReason.NORMAL);
            },
            SpawnOptions.DEFAULT);
    owner.send("go");
    desk.scheduler.runUntilIdle();
    assertThat(desk.node.processCount()).isEqualTo(1);
  }

  @Test
  void under_supervisorAndCrash_outcomeAndOwnerUnharmed() {
    var supervisor = desk.supervisor(10);
    assertThat(
            collect(
                Task.<Integer, Integer>asyncStream(
                        List.of(1, 2), n -> n == 1 ? Desk.exit("boom") : desk.sleep(n))
                    .under(supervisor)))
        .extracting(TaskStream.Element::outcome)
        .containsExactly(exit(BOOM), ok(2));
    assertThat(desk.scheduler.await(TaskSupervisor.children(supervisor))).isEmpty();
  }

  @Test
  void collect_fromOutside_outcomes() {
    var all =
        Task.<Integer, Integer>asyncStream(
                List.of(1, 2, 3), n -> n == 2 ? Desk.exit("boom") : desk.sleep(n))
            .collect(desk.node);
    assertThat(desk.scheduler.await(all))
        .extracting(TaskStream.Element::outcome)
        .containsExactly(ok(1), exit(BOOM), ok(3));
    assertThat(
            desk.scheduler.await(
                Task.asyncStream(List.<Integer>of(), desk::sleep).collect(desk.node)))
        .isEmpty();
  }

  @Test
  void each_manyInputs_takenInTurnsOfTheOwner() {
    List<Integer> taken = new ArrayList<>();
    var done =
        desk.as(
            self ->
                Task.asyncStream(IntStream.range(0, 50).boxed().toList(), n -> desk.sleep(n % 7))
                    .maxConcurrency(4)
                    .each(
                        self,
                        (input, outcome) -> {
                          self.trapExit(true);
                          taken.add(outcome.orThrow() + input);
                        }));
    desk.scheduler.await(done);
    assertThat(taken).isEqualTo(IntStream.range(0, 50).mapToObj(n -> n + n % 7).toList());
  }

  @Test
  void maxConcurrency_zero_refused() {
    var stream = Task.asyncStream(List.of(1), desk::sleep);
    assertThatThrownBy(() -> stream.maxConcurrency(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1");
  }
}

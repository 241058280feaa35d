package dev.athanor.cms.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatekeeperTest {
  private static final String WHO = "10.0.0.1 editor";

  private final DeterministicScheduler scheduler = new DeterministicScheduler();
  private final Node node = Node.on(scheduler);
  private final Pid<Gatekeeper.Message> gate =
      node.spawn(new Gatekeeper(scheduler::nanoTime, _ -> {}));

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void attempts_fewFailures_passAtOnce() {
    fail(2);

    assertThat(ask()).isCompletedWithValue(true);
  }

  @Test
  void attempts_inABurst_waitForTheFirstThree() {
    List<CompletableFuture<Boolean>> burst = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      burst.add(ask());
    }
    assertThat(burst).filteredOn(CompletableFuture::isDone).hasSize(3);

    fail(3);
    assertThat(burst).filteredOn(CompletableFuture::isDone).hasSize(3);
    scheduler.advance(Duration.ofMillis(250));
    assertThat(burst).filteredOn(CompletableFuture::isDone).hasSize(4);

    gate.send(new Gatekeeper.Outcome(WHO, true));
    scheduler.runUntilIdle();
    assertThat(burst).allMatch(CompletableFuture::isDone);
  }

  @Test
  void attempts_inABurstOfGuesses_lockNobodyOutForLong() {
    List<CompletableFuture<Boolean>> burst = new ArrayList<>();
    for (int i = 0; i < 203; i++) {
      burst.add(ask());
    }

    fail(3);
    assertThat(burst).filteredOn(CompletableFuture::isDone).hasSize(3 + 180);
    fail(6);
    scheduler.advance(Duration.ofSeconds(40));
    CompletableFuture<Boolean> right = ask();
    assertThat(burst).allMatch(CompletableFuture::isDone);
    scheduler.advance(Duration.ofSeconds(8));

    assertThat(right).isCompletedWithValue(true);
  }

  @Test
  void attempts_thatCameToNothing_makeRoom() {
    List<CompletableFuture<Boolean>> burst = List.of(ask(), ask(), ask(), ask());
    assertThat(burst.getLast()).isNotDone();

    gate.send(new Gatekeeper.Unknown(WHO));
    scheduler.runUntilIdle();
    assertThat(burst.getLast()).isCompletedWithValue(true);
  }

  @Test
  void attempts_manyFailures_passOneByOneAndLater() {
    fail(5);
    CompletableFuture<Boolean> first = ask();
    CompletableFuture<Boolean> second = ask();

    assertThat(first).isNotDone();
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(first).isCompletedWithValue(true);
    assertThat(second).isNotDone();
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(second).isCompletedWithValue(true);
  }

  @Test
  void attempts_tooManyAtOnce_areTurnedAway() {
    fail(3);
    List<CompletableFuture<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      attempts.add(ask());
    }

    assertThat(attempts.getLast()).isCompletedWithValue(false);
  }

  @Test
  void attempts_afterTheRightPassword_passAtOnce() {
    fail(9);
    CompletableFuture<Boolean> waiting = ask();
    gate.send(new Gatekeeper.Outcome(WHO, true));
    scheduler.runUntilIdle();

    assertThat(waiting).isCompletedWithValue(true);
    assertThat(ask()).isCompletedWithValue(true);
  }

  @Test
  void attempts_afterAQuietQuarterOfAnHour_passAtOnce() {
    fail(9);
    scheduler.advance(Duration.ofMinutes(15));

    assertThat(ask()).isCompletedWithValue(true);
  }

  @Test
  void attempts_fromElsewhere_areNotSlowed() {
    fail(9);

    assertThat(ask("10.0.0.2 editor")).isCompletedWithValue(true);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      gate.send(new Gatekeeper.Outcome(WHO, false));
    }
    scheduler.runUntilIdle();
  }

  private CompletableFuture<Boolean> ask() {
    return ask(WHO);
  }

  private CompletableFuture<Boolean> ask(String who) {
    CompletableFuture<Boolean> admitted = new CompletableFuture<>();
    gate.send(new Gatekeeper.Ask(who, admitted));
    scheduler.step();
    return admitted;
  }
}

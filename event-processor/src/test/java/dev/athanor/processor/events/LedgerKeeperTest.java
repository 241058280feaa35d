package dev.athanor.processor.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class LedgerKeeperTest {
  private final DeterministicScheduler scheduler = new DeterministicScheduler(1);
  private final List<Duration> asked = new ArrayList<>();
  private int old;

  @Test
  void keeper_everyMinute_forgetsEvenAfterFailures() {
    start(
        time ->
            time == 1
                ? CompletableFuture.failedStage(new IllegalStateException("no database"))
                : CompletableFuture.completedStage(7));

    scheduler.advance(Duration.ofSeconds(59));
    assertThat(asked).isEmpty();
    scheduler.advance(Duration.ofMinutes(4));
    assertThat(asked).hasSize(4).containsOnly(Duration.ofDays(7));
  }

  @Test
  void keeper_moreThanAStep_goesOnStepByStepUntilNothingIsLeft() {
    old = 3 * LedgerKeeper.STEP + 1;
    start(
        _ -> {
          int forgotten = Math.min(old, LedgerKeeper.STEP);
          old -= forgotten;
          return CompletableFuture.completedStage(forgotten);
        });

    scheduler.advance(Duration.ofSeconds(61));
    assertThat(old).isZero();
    assertThat(asked).hasSize(4);
  }

  private interface Answers {
    CompletionStage<Integer> to(int time);
  }

  private void start(Answers answers) {
    LedgerKeeper keeper =
        new LedgerKeeper(
            (age, limit) -> {
              assertThat(limit).isEqualTo(LedgerKeeper.STEP);
              asked.add(age);
              return answers.to(asked.size());
            });
    scheduler.await(GenServer.start(Node.on(scheduler), keeper)).orThrow();
  }
}

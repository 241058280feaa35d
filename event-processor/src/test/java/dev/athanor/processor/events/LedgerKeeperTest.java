package dev.athanor.processor.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.testing.DeterministicScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LedgerKeeperTest {

  @Test
  void keeper_everyHour_forgetsEvenAfterFailures() {
    DeterministicScheduler scheduler = new DeterministicScheduler(1);
    List<Duration> asked = new ArrayList<>();
    LedgerKeeper keeper =
        new LedgerKeeper(
            age -> {
              asked.add(age);
              return asked.size() == 1
                  ? CompletableFuture.failedStage(new IllegalStateException("no database"))
                  : CompletableFuture.completedStage(7);
            });
    scheduler.await(GenServer.start(Node.on(scheduler), keeper)).orThrow();

    scheduler.advance(Duration.ofMinutes(59));
    assertThat(asked).isEmpty();
    scheduler.advance(Duration.ofHours(4));
    assertThat(asked).hasSize(4).containsOnly(Duration.ofDays(30));
  }
}

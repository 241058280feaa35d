package dev.athanor.processor.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.outbox.DeadEvent;
import dev.athanor.otp.process.Name;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.Request;
import dev.athanor.otp.testing.DeterministicScheduler;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

  @ParameterizedTest
  @ValueSource(strings = {"21000", "22P02", "22001", "23505", "23514", "44000", "54000"})
  void isOwn_databaseSaysSomethingAboutTheData_isTheEvents(String state) {
    assertThat(Fault.isOwn(refused(state))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08006", "25006", "28P01", "28000", "3D000", "3F000", "40P01", "42501", "42P01", "42703",
        "53300", "55P03", "57P01", "57P03", "58030", "F0000", "XX000"
      })
  void isOwn_databaseSaysSomethingElse_isTheSurroundings(String state) {
    assertThat(Fault.isOwn(refused(state))).isFalse();
    assertThat(Fault.isOwn(new IllegalStateException("not read", refused(state)))).isFalse();
  }

  @Test
  void isOwn_anythingButADatabaseOrANetwork_isTheEvents() {
    assertThat(Fault.isOwn(new IllegalStateException("poison"))).isTrue();
    assertThat(Fault.isOwn(new DeadEvent("no hope", new IOException("refused")))).isTrue();
    assertThat(Fault.isOwn(new UncheckedIOException(new IOException("away")))).isFalse();
  }

  @Test
  void isOwn_processThatIsNotThere_isTheSurroundings() {
    DeterministicScheduler scheduler = new DeterministicScheduler(1);
    CompletableFuture<?> call =
        GenServer.call(
                Node.on(scheduler), Name.local("nobody"), new Question(), Duration.ofSeconds(1))
            .toCompletableFuture();
    scheduler.advance(Duration.ofSeconds(2));

    assertThat(Fault.isOwn(call.exceptionNow())).isFalse();
  }

  private record Question() implements Request<Boolean> {}

  private static Throwable refused(String state) {
    return new CompletionException(new PgException("refused", "ERROR", state, null));
  }
}

package dev.athanor.domain.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EditorsTest {
  @Inject Editors editors;
  @Inject Pool pool;

  @Test
  void authenticate_configuredPassword_isRight() {
    assertThat(authenticate("editor", "a password for tests")).isTrue();
    assertThat(authenticate("editor", "a password for tests")).isTrue();
  }

  @Test
  void authenticate_anythingElse_isWrong() {
    assertThat(authenticate("editor", "guess")).isFalse();
    assertThat(authenticate("editor", "")).isFalse();
    assertThat(authenticate("admin", "a password for tests")).isFalse();
    assertThat(authenticate("editor", "a password for tests".repeat(10))).isFalse();
  }

  @Test
  void password_stored_isAHashOnly() {
    assertThat(authenticate("editor", "a password for tests")).isTrue();

    String hash =
        pool.query("SELECT hash FROM editor")
            .execute()
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .iterator()
            .next()
            .getString(0);
    assertThat(hash).startsWith("$2").doesNotContain("password");
  }

  @Test
  void once_failingAtFirst_isTriedAgainUntilItSucceeds() {
    AtomicInteger calls = new AtomicInteger();
    Uni<Integer> once =
        Editors.once(
            () ->
                calls.incrementAndGet() < 3
                    ? Uni.createFrom().failure(new IllegalStateException("away"))
                    : Uni.createFrom().item(calls::get));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> once.await().indefinitely()).hasMessage("away");
    }
    assertThat(once.await().indefinitely()).isEqualTo(3);
    assertThat(once.await().indefinitely()).isEqualTo(3);
    assertThat(calls).hasValue(3);
  }

  private boolean authenticate(String user, String password) {
    return editors.authenticate(user, password).await().atMost(Duration.ofSeconds(20));
  }
}

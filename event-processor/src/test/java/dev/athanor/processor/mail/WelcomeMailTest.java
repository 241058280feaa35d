package dev.athanor.processor.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.domain.mail.Welcomes;
import dev.athanor.domain.mail.Welcomes.Welcome;
import dev.athanor.domain.store.Store;
import dev.athanor.domain.validation.InvalidContent;
import io.quarkus.mailer.MockMailbox;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
class WelcomeMailTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Inject Welcomes welcomes;
  @Inject Store store;
  @Inject MockMailbox mailbox;

  private final String address = UUID.randomUUID() + "@example.org";

  @Test
  void welcome_committed_isSent() {
    store
        .write(unit -> welcomes.welcome(unit, new Welcome(address, "Ada")))
        .await()
        .atMost(PATIENCE);

    Awaitility.await().atMost(PATIENCE).until(() -> !mailbox.getMailsSentTo(address).isEmpty());
    assertThat(mailbox.getMailsSentTo(address).getFirst().getText()).startsWith("Hello Ada,");
  }

  @Test
  void welcome_rolledBack_isNot() {
    Uni<Void> failing =
        store.write(
            unit ->
                welcomes
                    .welcome(unit, new Welcome(address, "Nobody"))
                    .chain(() -> Uni.createFrom().failure(new IllegalStateException("no"))));
    assertThatThrownBy(() -> failing.await().atMost(PATIENCE)).hasMessageContaining("no");

    store
        .write(unit -> welcomes.welcome(unit, new Welcome("b" + address, "Bob")))
        .await()
        .atMost(PATIENCE);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> !mailbox.getMailsSentTo("b" + address).isEmpty());
    assertThat(mailbox.getMailsSentTo(address)).isEmpty();
  }

  @Test
  void welcome_noAddress_isRefused() {
    assertThatThrownBy(
            () ->
                store
                    .write(unit -> welcomes.welcome(unit, new Welcome("nobody", "Nobody")))
                    .await()
                    .atMost(PATIENCE))
        .isInstanceOf(InvalidContent.class);
  }
}

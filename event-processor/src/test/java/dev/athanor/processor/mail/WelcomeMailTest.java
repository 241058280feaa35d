package dev.athanor.processor.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.domain.mail.Welcomes;
import dev.athanor.domain.mail.Welcomes.Welcome;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.domain.store.Store;
import dev.athanor.domain.validation.InvalidContent;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
class WelcomeMailTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Inject Welcomes welcomes;
  @Inject Store store;
  @Inject RoughMailer mailer;
  @Inject WelcomeMail consumer;
  @Inject Pool pool;

  private final String address = UUID.randomUUID() + "@example.org";

  @Test
  void welcome_committed_isSent() {
    store
        .write(unit -> welcomes.welcome(unit, new Welcome(address, "Ada")))
        .await()
        .atMost(PATIENCE);

    Awaitility.await().atMost(PATIENCE).until(() -> !mailer.sentTo(address).isEmpty());
    assertThat(mailer.sentTo(address).getFirst().getText()).startsWith("Hello Ada,");
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
    Awaitility.await().atMost(PATIENCE).until(() -> !mailer.sentTo("b" + address).isEmpty());
    assertThat(mailer.sentTo(address)).isEmpty();
  }

  @Test
  void welcome_refusedAddress_takesNoOtherWithIt() {
    String refused = RoughMailer.REFUSED + address;
    DomainEvent hopeless = event(refused);
    List<DomainEvent> batch = List.of(event(address), hopeless, event("c" + address));

    consumer.apply(batch).await().atMost(PATIENCE);
    consumer.apply(batch).await().atMost(PATIENCE);

    Awaitility.await().atMost(PATIENCE).until(() -> isPutAside(hopeless));
    Awaitility.await().atMost(PATIENCE).until(() -> !mailer.sentTo("c" + address).isEmpty());
    Awaitility.await().atMost(PATIENCE).until(() -> !mailer.sentTo(address).isEmpty());
    assertThat(mailer.sentTo(address)).hasSize(1);
    assertThat(mailer.sentTo("c" + address)).hasSize(1);
    assertThat(mailer.sentTo(refused)).isEmpty();
  }

  @Test
  void welcome_greylisted_isSentLater() {
    String grey = RoughMailer.GREYLISTED + address;

    consumer.apply(List.of(event(grey))).await().atMost(PATIENCE);

    Awaitility.await().atMost(PATIENCE).until(() -> !mailer.sentTo(grey).isEmpty());
    assertThat(mailer.sentTo(grey)).hasSize(1);
  }

  @Test
  void welcome_mailServerAway_holdsUpNoEventAndIsSentWhenItIsBack() {
    mailer.away(true);
    try {
      consumer.apply(List.of(event(address))).await().atMost(PATIENCE);
      Awaitility.await().atMost(PATIENCE).until(() -> mailer.refusals() > 0);
    } finally {
      mailer.away(false);
    }

    Awaitility.await().atMost(PATIENCE).until(() -> !mailer.sentTo(address).isEmpty());
  }

  @Test
  void isHopeless_refusalsForGoodOfTheMailItself_areAlone() {
    assertThat(consumer.isHopeless(RoughMailer.reply(550))).isTrue();
    assertThat(consumer.isHopeless(new IllegalStateException(RoughMailer.reply(552)))).isTrue();
    assertThat(consumer.isHopeless(RoughMailer.reply(451))).isFalse();
    assertThat(consumer.isHopeless(RoughMailer.reply(535))).isFalse();
    assertThat(consumer.isHopeless(new IllegalStateException("away"))).isFalse();
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

  private static DomainEvent event(String address) {
    return new DomainEvent(
        UUID.randomUUID(),
        1,
        Welcomes.REQUESTED,
        address,
        new JsonObject().put("address", address).put("name", "Ada").encode(),
        List.of(),
        Instant.now());
  }

  private boolean isPutAside(DomainEvent event) {
    return pool.preparedQuery(
                "SELECT 1 FROM work WHERE key = $1 AND due_at = 'infinity' AND problem LIKE"
                    + " '%550%'")
            .execute(Tuple.of(event.id().toString()))
            .await()
            .atMost(PATIENCE)
            .size()
        == 1;
  }
}

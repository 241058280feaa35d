package dev.athanor.domain.charges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.validation.InvalidContent;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ChargesTest {
  @Inject Charges charges;
  @Inject IdempotencyKeys keys;
  @Inject Pool pool;

  private final UUID reader = UUID.randomUUID();

  @Test
  void charge_sameKeyAndRequest_isTheSameCharge() {
    UUID first = await(charges.charge(reader, "a", 500, "EUR"));
    UUID again = await(charges.charge(reader, "a", 500, "EUR"));

    assertThat(again).isEqualTo(first);
    assertThat(count()).isEqualTo(1);
    assertThat(await(charges.charge(reader, "b", 500, "EUR"))).isNotEqualTo(first);
    assertThat(await(charges.charge(UUID.randomUUID(), "a", 500, "EUR"))).isNotEqualTo(first);
  }

  @Test
  void charge_sameKeyAndAnotherRequest_isRefused() {
    await(charges.charge(reader, "a", 500, "EUR"));

    assertThatThrownBy(() -> await(charges.charge(reader, "a", 501, "EUR")))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.problem().status()).isEqualTo(422));
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void charge_manyAtOnce_happensOnce() {
    List<CompletableFuture<UUID>> all =
        IntStream.range(0, 20)
            .mapToObj(
                _ ->
                    charges
                        .charge(reader, "a", 500, "EUR")
                        .subscribeAsCompletionStage()
                        .toCompletableFuture())
            .toList();
    Set<UUID> ids = new HashSet<>();
    all.forEach(each -> ids.add(each.orTimeout(20, TimeUnit.SECONDS).join()));

    assertThat(ids).hasSize(1);
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void once_workThatFails_leavesTheKeyFree() {
    AtomicInteger attempts = new AtomicInteger();
    Uni<String> work =
        keys.once(
            "test " + reader,
            "a",
            "request",
            _ ->
                attempts.incrementAndGet() == 1
                    ? Uni.createFrom().failure(new IllegalStateException("not now"))
                    : Uni.createFrom().item("done"));

    assertThatThrownBy(() -> await(work)).hasMessageContaining("not now");
    assertThat(await(work)).isEqualTo("done");
    assertThat(await(work)).isEqualTo("done");
    assertThat(attempts).hasValue(2);
  }

  @Test
  void charge_wrongAmountCurrencyOrKey_isToldFieldByField() {
    assertThatThrownBy(() -> await(charges.charge(reader, "a", 0, "ZZZ")))
        .isInstanceOfSatisfying(
            InvalidContent.class, wrong -> assertThat(wrong.errors()).hasSize(2));
    assertThatThrownBy(() -> await(charges.charge(reader, " ", 1, "EUR")))
        .isInstanceOf(InvalidContent.class);
    assertThatThrownBy(() -> await(charges.charge(reader, "a".repeat(201), 1, "EUR")))
        .isInstanceOf(InvalidContent.class);
    assertThat(count()).isZero();
  }

  private int count() {
    return pool.preparedQuery("SELECT count(*)::integer FROM charge WHERE reader_id = $1")
        .execute(Tuple.of(reader))
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .iterator()
        .next()
        .getInteger(0);
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofSeconds(20));
  }
}

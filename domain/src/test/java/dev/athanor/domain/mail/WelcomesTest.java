package dev.athanor.domain.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.domain.mail.Welcomes.Welcome;
import dev.athanor.domain.store.Store;
import dev.athanor.domain.validation.InvalidContent;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class WelcomesTest {
  @Inject Welcomes welcomes;
  @Inject Store store;
  @Inject Pool pool;

  private final String address = UUID.randomUUID() + "@example.org";

  @Test
  void welcome_committed_isOwedOnceInTheWordsItIsReadBackIn() {
    Welcome ada = new Welcome(address, "Ada \"the first\" Lovelace");

    await(store.write(unit -> welcomes.welcome(unit, ada)));

    assertThat(owed()).containsExactly(ada);
  }

  @Test
  void welcome_whoseCauseFails_isNotOwed() {
    Uni<Void> failing =
        store.write(
            unit ->
                welcomes
                    .welcome(unit, new Welcome(address, "Nobody"))
                    .chain(() -> Uni.createFrom().failure(new IllegalStateException("no"))));

    assertThatThrownBy(() -> await(failing)).hasMessageContaining("no");
    assertThat(owed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nobody", "a@b", "a b@example.org", "a@example.org\nBcc: b@c.org"})
  void welcome_noAddress_isRefused(String wrong) {
    assertThatThrownBy(
            () -> await(store.write(unit -> welcomes.welcome(unit, new Welcome(wrong, "Ada")))))
        .isInstanceOf(InvalidContent.class);
  }

  private List<Welcome> owed() {
    List<Welcome> owed = new ArrayList<>();
    for (Row row :
        pool.preparedQuery("SELECT payload FROM outbox WHERE key = $1 AND type = $2")
            .execute(Tuple.of(address, Welcomes.REQUESTED))
            .toCompletionStage()
            .toCompletableFuture()
            .join()) {
      owed.add(Welcome.decode(row.getString(0)));
    }
    return owed;
  }

  private static <T> void await(Uni<T> uni) {
    uni.await().atMost(Duration.ofSeconds(20));
  }
}

package dev.athanor.domain.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonMappingException;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutageTest {
  @ParameterizedTest
  @ValueSource(strings = {"08006", "53300", "57P01", "57P03", "58030"})
  void isBehind_databaseThatStopsOrIsFull_isTrue(String state) {
    assertThat(Outage.isBehind(new PgException("refused", "FATAL", state, null))).isTrue();
    assertThat(Outage.isBehind(new CompletionException(new SQLException("refused", state))))
        .isTrue();
  }

  @Test
  void isBehind_connectionThatIsNotThere_isTrue() {
    assertThat(Outage.isBehind(new CompletionException(new ConnectException("refused")))).isTrue();
    assertThat(Outage.isBehind(new VertxException("Connection was closed"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22021", "23505", "42P01", "28P01"})
  void isBehind_databaseThatAnswers_isFalse(String state) {
    assertThat(Outage.isBehind(new PgException("no", "ERROR", state, null))).isFalse();
    assertThat(Outage.isBehind(new SQLException("no", state))).isFalse();
  }

  @Test
  void isBehind_ourOwnFault_isFalse() {
    assertThat(Outage.isBehind(new IllegalStateException("bug"))).isFalse();
    assertThat(Outage.isBehind(new UncheckedIOException(new JsonMappingException(null, "bug"))))
        .isFalse();
  }
}

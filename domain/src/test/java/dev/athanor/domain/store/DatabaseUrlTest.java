package dev.athanor.domain.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
  private static final String JDBC = "quarkus.datasource.jdbc.url";
  private static final String REACTIVE = "quarkus.datasource.reactive.url";
  private static final String USER = "quarkus.datasource.username";
  private static final String PASSWORD = "quarkus.datasource.password";

  @Test
  void settings_url_feedsBothClients() {
    assertThat(DatabaseUrl.settings("postgresql://db:5433/news", "me", "s3cret"))
        .isEqualTo(
            Map.of(
                JDBC, "jdbc:postgresql://db:5433/news",
                REACTIVE, "postgresql://db:5433/news",
                USER, "me",
                PASSWORD, "s3cret"));
  }

  @Test
  void settings_credentialsInTheUrl_areTakenOutOfIt() {
    assertThat(
            DatabaseUrl.settings("postgres://me:p%40ss+word@db/news?sslmode=require", null, null))
        .isEqualTo(
            Map.of(
                JDBC, "jdbc:postgresql://db/news?sslmode=require",
                REACTIVE, "postgresql://db/news?sslmode=require",
                USER, "me",
                PASSWORD, "p@ss+word"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql://db/news", "db:5432", "postgresql:///news", "postgresql://a b/"})
  void settings_anythingElse_isRefusedWithoutRepeatingIt(String url) {
    assertThatThrownBy(() -> DatabaseUrl.settings(url, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("athanor.database.url: expected postgresql://");
  }
}

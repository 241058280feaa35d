package dev.athanor.perf.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The seeder against the schema as it is today, in the database the umbrella brings. */
class SeederTest {
  /** Kept between runs, so that the server's programs are unpacked once. */
  private static final Path HOME = Path.of("target", "athanor-test");

  private static EmbeddedPostgres postgres;
  private static Connection connection;

  @BeforeAll
  static void migrate() throws Exception {
    postgres = EmbeddedPostgres.start(HOME);
    connection = Database.find(Map.of(), HOME).connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("drop schema public cascade; create schema public");
      for (Path migration : migrations()) {
        statement.execute(Files.readString(migration));
      }
    }
  }

  @AfterAll
  static void end() throws SQLException {
    connection.close();
    postgres.close();
  }

  @Test
  void fill_emptyDatabase_spreadsPostsEvenlyOverStreams() throws SQLException {
    assertThat(Seeder.fill(connection, 10, 200, 160)).isTrue();
    assertThat(
            number(
                """
                select count(*) from (
                  select s.id from stream s join post_stream ps on ps.stream_id = s.id
                  where s.slug like 'perf-%' group by s.id having count(*) = 20) even
                """))
        .isEqualTo(10);
  }

  @Test
  void fill_again_changesNothing() throws SQLException {
    Seeder.fill(connection, 10, 200, 160);
    assertThat(Seeder.fill(connection, 10, 200, 160)).isFalse();
  }

  @Test
  void fill_otherNumbers_replacesItsOwnPostsOnly() throws SQLException {
    Seeder.fill(connection, 10, 200, 160);
    assertThat(Seeder.fill(connection, 5, 50, 160)).isTrue();
    assertThat(number("select count(*) from post")).isEqualTo(50);
  }

  @Test
  void fill_everyPost_isStoredWithTheJsonOfTheOneEncoder() throws SQLException {
    Seeder.fill(connection, 10, 200, 160);
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select post_id, json from post_stream")) {
      while (rows.next()) {
        String json = new String(rows.getBytes(2), StandardCharsets.UTF_8);
        assertThat(PostJson.encode(PostJson.decode(json))).isEqualTo(json);
        assertThat(json).contains(rows.getString(1));
      }
    }
  }

  @Test
  void find_configuredUrl_isTakenFirst() {
    assertThat(
            Database.find(
                Map.of(
                    "ATHANOR_DATABASE_URL", "postgresql://db:5432/news",
                    "ATHANOR_DATABASE_USERNAME", "desk",
                    "ATHANOR_DATABASE_PASSWORD", "secret"),
                HOME))
        .isEqualTo(new Database("jdbc:postgresql://db:5432/news", "desk", "secret"));
  }

  private static long number(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<Path> migrations() throws IOException {
    Path folder =
        Path.of(System.getProperty("athanor.root"), "domain/src/main/resources/db/migration");
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted(Comparator.comparing(SeederTest::version)).toList();
    }
  }

  /// V4_1 comes after V4, before V5.
  private static BigDecimal version(Path migration) {
    return new BigDecimal(
        migration.getFileName().toString().replaceAll("^V(\\d+)(?:_(\\d+))?__.*", "$1.0$2"));
  }
}

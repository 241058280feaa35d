package dev.athanor.domain.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
  /// Unpacked once for all tests.
  private static final Path HOME = Path.of("target", "athanor-test");

  @Test
  void start_secondTime_keepsData() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(HOME)) {
      execute(server, "CREATE TABLE IF NOT EXISTS kept(n int)");
      execute(server, "INSERT INTO kept VALUES (1)");
    }
    try (EmbeddedPostgres server = EmbeddedPostgres.start(HOME)) {
      assertThat(query(server, "SELECT count(*) > 0 FROM kept")).isEqualTo("t");
      assertThat(query(server, "SHOW synchronous_commit")).isEqualTo("on");
      assertThat(query(server, "SHOW fsync")).isEqualTo("on");
      assertThat(query(server, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void start_folderInUse_saysByWhom() {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(HOME)) {
      assertThat(server.port()).isPositive();
      assertThatThrownBy(() -> EmbeddedPostgres.start(HOME))
          .isInstanceOf(EmbeddedPostgresException.class)
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void start_serverKilled_removesItsPidFileAndStarts() throws Exception {
    EmbeddedPostgres killed = EmbeddedPostgres.start(HOME);
    killed.abandon();
    kill();
    Path pidFile = PostgresFiles.under(HOME).pidFile();
    assertThat(pidFile).exists();
    String stale = Files.readString(pidFile);
    // A number that was given to another process since: this one.
    Files.writeString(
        pidFile, stale.replaceFirst("^\\d+", Long.toString(ProcessHandle.current().pid())));

    try (EmbeddedPostgres again = EmbeddedPostgres.start(HOME)) {
      assertThat(query(again, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void server_killed_isStartedAgainWhereItWas() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(HOME)) {
      execute(server, "CREATE TABLE IF NOT EXISTS outlived(n int)");
      for (int time = 1; time <= 2; time++) {
        kill();
        Awaitility.await().ignoreExceptions().until(() -> query(server, "SELECT 1").equals("1"));
      }
      assertThat(query(server, "SELECT count(*) FROM outlived")).isEqualTo("0");
    }
    assertThat(PostgresFiles.under(HOME).pidFile()).doesNotExist();
  }

  @Test
  void start_serverOutlivedItsOwner_takesItOver() throws Exception {
    EmbeddedPostgres orphan = EmbeddedPostgres.start(HOME);
    orphan.abandon();

    try (EmbeddedPostgres again = EmbeddedPostgres.start(HOME)) {
      assertThat(again.port()).isEqualTo(orphan.port());
      assertThat(query(again, "SELECT 1")).isEqualTo("1");
    }
    assertThat(PostgresFiles.under(HOME).pidFile()).doesNotExist();
  }

  @Test
  void connect_wrongPassword_isRefused() {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(HOME)) {
      assertThatThrownBy(() -> DriverManager.getConnection(url(server), "athanor", "guess"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("password");
    }
  }

  @Test
  void start_folderCannotBeWritten_saysSo(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("home"), "a file");

    assertThatThrownBy(() -> EmbeddedPostgres.start(file))
        .isInstanceOf(EmbeddedPostgresException.class)
        .hasMessageContaining("cannot write to");
  }

  private static void kill() {
    Postmaster postmaster = Postmaster.read(PostgresFiles.under(HOME).pidFile()).orElseThrow();
    ProcessHandle server = ProcessHandle.of(postmaster.pid()).orElseThrow();
    CompletableFuture<ProcessHandle> gone = server.onExit();
    server.destroyForcibly();
    gone.join();
  }

  private static String url(EmbeddedPostgres server) {
    return "jdbc:postgresql://127.0.0.1:" + server.port() + "/athanor";
  }

  private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(url(server), "athanor", server.password());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(url(server), "athanor", server.password());
        var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }
}

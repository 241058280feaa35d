package dev.athanor.perf.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// Where the database of a running application is: the one of ATHANOR_DATABASE_URL with its
/// ATHANOR_DATABASE_USERNAME and ATHANOR_DATABASE_PASSWORD, or else the embedded one, whose folder
/// says on which port it listens and with which password.
record Database(String jdbcUrl, String user, String password) {
  /// The line of `postmaster.pid` that holds the port, counted from 0.
  private static final int PORT_LINE = 3;

  /// @param environment the variables of this process
  /// @param home the application's home, `.athanor` unless told otherwise
  static Database find(Map<String, String> environment, Path home) {
    String url = environment.getOrDefault("ATHANOR_DATABASE_URL", "");
    if (!url.isBlank()) {
      URI uri = URI.create(url.startsWith("jdbc:") ? url.substring("jdbc:".length()) : url);
      if (!"postgresql".equals(uri.getScheme())) {
        throw new IllegalArgumentException(
            "ATHANOR_DATABASE_URL: expected postgresql://host:5432/name, got " + url);
      }
      return new Database(
          "jdbc:" + uri,
          environment.getOrDefault("ATHANOR_DATABASE_USERNAME", "athanor"),
          environment.getOrDefault("ATHANOR_DATABASE_PASSWORD", ""));
    }
    return embedded(home);
  }

  private static Database embedded(Path home) {
    Path postgres = home.toAbsolutePath().resolve("postgres");
    try {
      List<String> pidFile = Files.readAllLines(postgres.resolve("data/postmaster.pid"));
      String password = Files.readString(postgres.resolve("password")).strip();
      return new Database(
          "jdbc:postgresql://127.0.0.1:" + pidFile.get(PORT_LINE).strip() + "/athanor",
          "athanor",
          password);
    } catch (IOException | IndexOutOfBoundsException e) {
      throw new IllegalStateException(
          "expected a running embedded PostgreSQL in "
              + postgres
              + ": start the umbrella first (ATHANOR_HOME says where), or set ATHANOR_DATABASE_URL",
          e);
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl, user, password);
  }
}

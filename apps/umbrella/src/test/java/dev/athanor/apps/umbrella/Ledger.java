package dev.athanor.apps.umbrella;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Looks into the umbrella's database past all of its code: over a connection of its own, with plain
 * SQL.
 */
final class Ledger implements AutoCloseable {
  private static final int PORT_LINE = 3;

  private final Connection connection;

  private Ledger(Connection connection) {
    this.connection = connection;
  }

  static Ledger of(Path athanorHome) throws IOException, SQLException {
    Path postgres = athanorHome.resolve("postgres");
    String port =
        Files.readAllLines(postgres.resolve("data/postmaster.pid")).get(PORT_LINE).strip();
    String password = Files.readString(postgres.resolve("password")).strip();
    return new Ledger(
        DriverManager.getConnection(
            "jdbc:postgresql://127.0.0.1:" + port + "/athanor", "athanor", password));
  }

  /** The one number a query yields. */
  long count(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  /** Puts rows in, or changes them. */
  void write(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      statement.executeUpdate();
    }
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

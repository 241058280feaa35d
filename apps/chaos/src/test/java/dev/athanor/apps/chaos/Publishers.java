package dev.athanor.apps.chaos;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes events by plain JDBC, each in a transaction of its own, and remembers what is
 * committed: for each key the numbers from 0 to the one before `next`. Every key belongs to one
 * publisher. When a commit's outcome is unknown the publisher looks whether the event is there
 * before it goes on; what was not published while the database was away is made up for.
 */
final class Publishers {
  private static final String INSERT =
      "INSERT INTO outbox (type, key, payload, streams) VALUES ('chaos', ?, ?, '{}')";
  private static final String THERE = "SELECT count(*) FROM outbox WHERE key = ? AND payload = ?";

  /** How to reach the database. */
  interface Database {
    Connection connect() throws SQLException;
  }

  private final Database database;
  private final Map<String, Long> next = new ConcurrentHashMap<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean publishing = true;

  Publishers(Database database) {
    this.database = database;
  }

  void start(int count, int keysEach, int eventsPerSecond) {
    long gap = 1_000_000_000L * count / eventsPerSecond;
    for (int i = 0; i < count; i++) {
      int publisher = i;
      threads.add(Thread.ofPlatform().start(() -> publish(publisher, keysEach, gap)));
    }
  }

  /** How many events are committed up to now. */
  long published() {
    return next.values().stream().mapToLong(Long::longValue).sum();
  }

  /** What is committed: how many events each key has. */
  Map<String, Long> stop() throws InterruptedException {
    publishing = false;
    for (Thread thread : threads) {
      thread.join();
    }
    return new TreeMap<>(next);
  }

  private void publish(int publisher, int keys, long gap) {
    long due = System.nanoTime();
    boolean doubt = false;
    int turn = 0;
    while (publishing || doubt) {
      try (Connection connection = database.connect();
          PreparedStatement insert = connection.prepareStatement(INSERT);
          PreparedStatement there = connection.prepareStatement(THERE)) {
        while (publishing || doubt) {
          String key = "key-" + publisher + "-" + turn % keys;
          long n = next.getOrDefault(key, 0L);
          if (!doubt || !isThere(there, key, n)) {
            doubt = true;
            insert.setString(1, key);
            insert.setString(2, Long.toString(n));
            insert.executeUpdate();
          }
          doubt = false;
          next.put(key, n + 1);
          turn++;
          due += gap;
          LockSupport.parkNanos(due - System.nanoTime());
        }
      } catch (SQLException away) {
        LockSupport.parkNanos(100_000_000L);
      }
    }
  }

  private static boolean isThere(PreparedStatement there, String key, long n) throws SQLException {
    there.setString(1, key);
    there.setString(2, Long.toString(n));
    try (ResultSet found = there.executeQuery()) {
      return found.next() && found.getLong(1) > 0;
    }
  }
}

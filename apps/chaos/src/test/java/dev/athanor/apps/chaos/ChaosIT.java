package dev.athanor.apps.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.domain.outbox.Shards;
import dev.athanor.domain.postgres.EmbeddedPostgres;
import dev.athanor.domain.testing.RabbitNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Publishers at 500 events a second, three event processors, RabbitMQ and PostgreSQL; every few
 * seconds one of them dies or is restarted, as a seed decides, for the time asked for and until as
 * many events as that time has room for are committed: what was not published while the database
 * was away is made up for, on a slow machine later. At the end, when nothing is left in outbox and
 * queues and the consumers have stopped, every event that was committed has had its effect exactly
 * once, and the effects of each key stand in its order. What was published is known from the
 * publishers, the effects from a table that nothing else writes.
 */
@EnabledIfSystemProperty(named = "athanor.chaos.seconds", matches = "[1-9]\\d*")
class ChaosIT {
  private static final int RATE = 500;
  private static final int CONSUMERS = 3;
  private static final int ROUNDS = 5;
  private static final String WAITING = "SELECT count(*) FROM outbox WHERE published_at IS NULL";
  private static final Duration SETTLE = Duration.ofMinutes(3);

  /** What can happen; consumers die by SIGKILL, half of all times. */
  private enum Fault {
    CONSUMER_KILLED,
    BROKER_KILLED,
    BROKER_RESTARTED,
    DATABASE_CRASHED
  }

  private final Duration length = Duration.ofSeconds(Long.getLong("athanor.chaos.seconds", 120L));
  private final long seed = Long.getLong("athanor.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Fault> happened = new ArrayList<>();

  /** Shuffled, and shuffled anew when it is used up, so that every kind comes. */
  private final List<Fault> deck = new ArrayList<>();

  private final List<ConsumerProcess> consumers = new ArrayList<>();
  private final Path folder = Path.of("target/chaos-" + ProcessHandle.current().pid());

  @Test
  void events_everythingDiesAgainAndAgain_haveTheirEffectOnceAndInOrder() throws Exception {
    folder.toFile().mkdirs();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder);
        RabbitNode rabbit = RabbitNode.start(folder)) {
      String url = "postgresql://127.0.0.1:" + postgres.port() + "/" + EmbeddedPostgres.NAME;
      Publishers.Database database =
          () ->
              DriverManager.getConnection(
                  "jdbc:" + url, EmbeddedPostgres.NAME, postgres.password());
      run(database, "CREATE SCHEMA chaos");
      run(
          database,
          "CREATE TABLE chaos.effect (place bigint GENERATED ALWAYS AS IDENTITY, key text, n"
              + " bigint)");
      for (int i = 0; i < CONSUMERS; i++) {
        consumers.add(
            new ConsumerProcess(
                folder,
                "consumer-" + i,
                Map.of(
                    "ATHANOR_DATABASE_URL",
                    url,
                    "ATHANOR_DATABASE_USERNAME",
                    EmbeddedPostgres.NAME,
                    "ATHANOR_DATABASE_PASSWORD",
                    postgres.password(),
                    "ATHANOR_EVENTS_BROKER",
                    "rabbitmq",
                    "ATHANOR_EVENTS_RABBITMQ_URL",
                    rabbit.url())));
      }
      try {
        storm(database, rabbit);
      } finally {
        for (ConsumerProcess consumer : consumers) {
          consumer.stop();
        }
      }
    }
  }

  private void storm(Publishers.Database database, RabbitNode rabbit) throws Exception {
    consumers.getFirst().start();
    await("the first consumer has made the tables")
        .atMost(SETTLE)
        .until(() -> number(database, "SELECT count(*) FROM outbox").isPresent());
    consumers.stream().skip(1).forEach(ConsumerProcess::start);
    Publishers publishers = new Publishers(database);
    long began = System.nanoTime();
    publishers.start(8, 13, RATE);
    await("effects happen")
        .atMost(SETTLE)
        .until(() -> number(database, "SELECT count(*) FROM chaos.effect").orElse(0L) > RATE);

    long end = System.nanoTime() + length.toNanos();
    long latest = end + SETTLE.toNanos();
    long due = RATE * length.toSeconds();
    while (System.nanoTime() < end || publishers.published() < due) {
      assertThat(System.nanoTime())
          .as("seed %d, %d of %d published, %s", seed, publishers.published(), due, happened)
          .isLessThan(latest);
      LockSupport.parkNanos(Duration.ofMillis(2_000 + random.nextInt(3_000)).toNanos());
      consumers.forEach(ConsumerProcess::keep);
      fault(database, rabbit);
    }
    Map<String, Long> published = publishers.stop();
    double seconds = (System.nanoTime() - began) / 1e9;
    long all = published.values().stream().mapToLong(Long::longValue).sum();
    String story = "seed %d, %d events in %.0f s, %s".formatted(seed, all, seconds, happened);
    System.getLogger("chaos").log(System.Logger.Level.INFO, story);
    settle(database, rabbit, all, story);
    assertThat(effects(database)).as(story).isEqualTo(inOrder(published));
    assertThat(happened).as(story).isNotEmpty();
  }

  /**
   * Waits until nothing is left that could still have an effect, a second one above all: the outbox
   * and the queues are empty, also when the consumers have stopped and given back what they had not
   * acknowledged.
   */
  private void settle(Publishers.Database database, RabbitNode rabbit, long all, String story)
      throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      await("every effect is there and nothing waits: " + story)
          .atMost(SETTLE)
          .pollInterval(Duration.ofMillis(500))
          .ignoreExceptions()
          .until(
              () -> {
                consumers.forEach(ConsumerProcess::keep);
                return number(database, "SELECT count(*) FROM chaos.effect").orElse(0L) >= all
                    && number(database, WAITING).orElse(1L) == 0
                    && queued(rabbit) == 0;
              });
      for (ConsumerProcess consumer : consumers) {
        consumer.stop();
      }
      if (queued(rabbit) == 0) {
        return;
      }
    }
    throw new AssertionError("The queues are never empty: " + story);
  }

  private static long queued(RabbitNode rabbit) throws Exception {
    long queued = 0;
    try (var connection = rabbit.connect();
        var channel = connection.createChannel()) {
      for (int shard = 0; shard < Shards.COUNT; shard++) {
        queued += channel.messageCount("athanor.events.event-processor." + shard);
      }
    }
    return queued;
  }

  private void fault(Publishers.Database database, RabbitNode rabbit) throws Exception {
    if (deck.isEmpty()) {
      for (int i = 0; i < CONSUMERS; i++) {
        deck.add(Fault.CONSUMER_KILLED);
      }
      deck.addAll(List.of(Fault.BROKER_KILLED, Fault.BROKER_RESTARTED, Fault.DATABASE_CRASHED));
      Collections.shuffle(deck, random);
    }
    Fault next = deck.removeLast();
    happened.add(next);
    switch (next) {
      case CONSUMER_KILLED -> {
        int who = random.nextInt(CONSUMERS);
        consumers.get(who).kill();
        consumers.get(who).start();
      }
      case BROKER_KILLED -> {
        rabbit.kill();
        rabbit.restart();
      }
      case BROKER_RESTARTED -> {
        rabbit.stop();
        rabbit.restart();
      }
      case DATABASE_CRASHED -> crash(database);
    }
  }

  /** A server process that dies makes PostgreSQL end all others and recover from its log. */
  private static void crash(Publishers.Database database) {
    Optional<Long> one =
        number(
            database,
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                + " AND pid <> pg_backend_pid() LIMIT 1");
    one.flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
  }

  private static Map<String, List<Long>> inOrder(Map<String, Long> published) {
    Map<String, List<Long>> expected = new TreeMap<>();
    published.forEach(
        (key, count) -> {
          List<Long> numbers = new ArrayList<>();
          for (long n = 0; n < count; n++) {
            numbers.add(n);
          }
          expected.put(key, numbers);
        });
    return expected;
  }

  private static Map<String, List<Long>> effects(Publishers.Database database) throws SQLException {
    Map<String, List<Long>> effects = new TreeMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT key, n FROM chaos.effect ORDER BY place")) {
      while (rows.next()) {
        effects.computeIfAbsent(rows.getString(1), _ -> new ArrayList<>()).add(rows.getLong(2));
      }
    }
    return effects;
  }

  private static Optional<Long> number(Publishers.Database database, String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
    } catch (SQLException away) {
      return Optional.empty();
    }
  }

  private static void run(Publishers.Database database, String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

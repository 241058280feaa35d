package dev.athanor.domain.outbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.GenServer;
import dev.athanor.otp.server.StartResult;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class OutboxPrunerTest {
  private static final String DELIVERED =
      """
      INSERT INTO outbox (type, key, payload, streams, published_at)
      SELECT 'test', $1, 'p', '{}', clock_timestamp() - make_interval(secs => $2)
      FROM generate_series(1, $3)
      """;

  @Inject Node node;
  @Inject Pool pool;

  @Test
  void tick_moreOldEventsThanAStep_deletesThemAllAndKeepsTheFresh() throws Exception {
    String old = key();
    String fresh = key();
    delivered(old, 7_200, 12_000);
    delivered(fresh, 60, 3);
    Pid<OutboxPruner.Signal> pruner = start(Duration.ofHours(1));

    GenServer.cast(pruner, new OutboxPruner.Signal.Tick());

    await().until(() -> count(old) == 0);
    assertThat(count(fresh)).isEqualTo(3);
    stop(pruner);
  }

  @Test
  void tick_oldEventThatNobodyTook_isKept() throws Exception {
    String old = key();
    String waiting = key();
    delivered(old, 7_200, 1);
    run(
        "INSERT INTO outbox (type, key, payload, streams, created_at)"
            + " VALUES ('test', $1, 'p', '{}', clock_timestamp() - interval '1 day')",
        Tuple.of(waiting));
    Pid<OutboxPruner.Signal> pruner = start(Duration.ofHours(1));

    GenServer.cast(pruner, new OutboxPruner.Signal.Tick());

    await().until(() -> count(old) == 0);
    assertThat(count(waiting)).isOne();
    stop(pruner);
  }

  private Pid<OutboxPruner.Signal> start(Duration retention) throws Exception {
    StartResult<OutboxPruner.Signal> started =
        GenServer.start(node, new OutboxPruner(pool, retention))
            .toCompletableFuture()
            .get(20, SECONDS);
    assertThat(started).isInstanceOf(StartResult.Started.class);
    return ((StartResult.Started<OutboxPruner.Signal>) started).pid();
  }

  private static void stop(Pid<?> pruner) throws Exception {
    GenServer.stop(pruner).toCompletableFuture().get(20, SECONDS);
  }

  private void delivered(String key, double secondsAgo, int count) {
    run(DELIVERED, Tuple.of(key, secondsAgo, count));
  }

  private void run(String sql, Tuple parameters) {
    pool.preparedQuery(sql).execute(parameters).toCompletionStage().toCompletableFuture().join();
  }

  private long count(String key) {
    return pool.preparedQuery("SELECT count(*) FROM outbox WHERE key = $1")
        .execute(Tuple.of(key))
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .iterator()
        .next()
        .getLong(0);
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }
}

package dev.athanor.apps.umbrella;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the packaged umbrella with SIGKILL again and again while stories are being published. Every
 * story whose publication was answered must be there afterwards, and the effect of its event must
 * have happened exactly once.
 */
class KillLoopIT {
  private static final int ROUNDS = 3;
  private static final int PUBLISHERS = 3;
  private static final String SLUG = "motorsport";

  private final Set<UUID> acknowledged = ConcurrentHashMap.newKeySet();

  @Test
  void umbrella_killedWhilePublishing_losesNothingAndRepeatsNoEffect(@TempDir Path folder)
      throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    PackagedUmbrella umbrella = new PackagedUmbrella(folder, PackagedUmbrella.QUICK);
    try (umbrella) {
      for (int round = 0; round < ROUNDS; round++) {
        umbrella.start();
        int before = acknowledged.size();
        int goal = 5 + random.nextInt(60);
        AtomicBoolean publishing = new AtomicBoolean(true);
        List<Thread> publishers = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
          publishers.add(Thread.ofVirtual().start(() -> publish(umbrella, publishing)));
        }
        await("round " + round + " of seed " + seed + " publishes " + goal)
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(2))
            .until(() -> acknowledged.size() >= before + goal);
        umbrella.kill();
        publishing.set(false);
        for (Thread publisher : publishers) {
          publisher.join();
        }
      }
      umbrella.start();
      try (Ledger ledger = Ledger.of(folder.resolve(".athanor"))) {
        await("every event of seed " + seed + " is delivered")
            .atMost(Duration.ofSeconds(30))
            .until(
                () ->
                    ledger.count("select count(*) from outbox where published_at is null") == 0
                        && effects(ledger) == published(ledger));
        for (UUID id : acknowledged) {
          assertThat(ledger.count("select count(*) from post where id = ?", id))
              .as("post %s, answered with 201 (seed %s)", id, seed)
              .isEqualTo(1);
        }
        assertThat(published(ledger)).isGreaterThanOrEqualTo(acknowledged.size());
        assertThat(effects(ledger)).as("effects, seed %s", seed).isEqualTo(published(ledger));
        assertThat(
                ledger.count(
                    """
                    select count(*) from post p
                     where status = 'published' and not exists
                           (select 1 from post_enrichment e where e.post_id = p.id)
                    """))
            .as("posts nobody enriched (seed %s)", seed)
            .isZero();
      }
    }
  }

  private static long published(Ledger ledger) throws Exception {
    return ledger.count(
        "select count(*) from post where status = 'published' and ? = any (streams)", SLUG);
  }

  private static long effects(Ledger ledger) throws Exception {
    return ledger.count(
        "select coalesce(sum(published), 0) from stream_stats where stream = ?", SLUG);
  }

  private void publish(PackagedUmbrella umbrella, AtomicBoolean publishing) {
    ObjectMapper json = new ObjectMapper();
    while (publishing.get()) {
      try {
        HttpResponse<String> answer =
            umbrella.post(
                "/api/cms/posts",
                """
                {"type":"article","title":"Pit stop","body":"In and out.",
                 "streams":["%s"],"breaking":false,"publish":true}
                """
                    .formatted(SLUG));
        if (answer.statusCode() == 201) {
          acknowledged.add(UUID.fromString(json.readTree(answer.body()).get("id").asText()));
        }
      } catch (IOException killed) {
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}

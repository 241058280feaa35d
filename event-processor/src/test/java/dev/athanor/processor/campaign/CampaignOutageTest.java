package dev.athanor.processor.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.campaigns.Campaign;
import dev.athanor.domain.campaigns.CampaignStatus;
import dev.athanor.domain.campaigns.Campaigns;
import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.PushWork;
import dev.athanor.domain.readers.DeviceKind;
import dev.athanor.otp.process.Node;
import dev.athanor.processor.push.PushOutcome;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Campaigns while the database is cut off, or its answers are lost.
@QuarkusTest
class CampaignOutageTest {
  private static final int WINDOW = 20;
  private static final String CUT =
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()
      """;

  @Inject Node node;
  @Inject Pool pool;
  @Inject Campaigns campaigns;

  private Audience audience;

  @BeforeEach
  void audience() {
    audience = new Audience(pool, campaigns);
  }

  @Test
  void answers_writtenAgainUnderTheSameNumber_areCountedOnce() {
    audience.devices("apns", 10);
    UUID campaign = audience.begin();
    PushWork work = Stage.work(pool);
    Audience.await(work.cut(List.of(DeviceKind.APNS)));
    Duration lease = Duration.ofMinutes(1);
    PushBatch batch = Audience.await(work.claim(DeviceKind.APNS, UUID.randomUUID(), lease));
    List<Long> ids = batch.recipients().stream().map(each -> each.id()).toList();
    PushBatch.Settled first =
        new PushBatch.Settled(1, ids.subList(0, 4), List.of(), List.of(), null);
    PushBatch.Settled second =
        new PushBatch.Settled(
            2, ids.subList(4, 7), ids.subList(7, 8), ids.subList(8, 10), "refused");

    for (PushBatch.Settled settled : List.of(first, first, second, first, second)) {
      assertThat(Audience.await(work.settle(batch, settled, lease)))
          .isEqualTo(PushBatch.Order.GO_ON);
    }

    assertThat(audience.look(campaign)).satisfies(CampaignOutageTest::isTenAndSeven);
    Audience.await(work.finish(batch));
    Audience.await(work.finish(batch));
    Audience.await(work.cut(List.of(DeviceKind.APNS)));
    assertThat(audience.look(campaign)).satisfies(CampaignOutageTest::isTenAndSeven);
  }

  private static void isTenAndSeven(Campaign campaign) {
    assertThat(campaign.audience()).isEqualTo(10);
    assertThat(campaign.sent()).isEqualTo(7);
    assertThat(campaign.dead()).isEqualTo(1);
    assertThat(campaign.refused()).isEqualTo(2);
  }

  @Test
  void campaign_answersOfTheDatabaseLost_countsAndReachesEveryDeviceOnce() {
    audience.devices("apns", 600);
    UUID campaign = audience.begin();
    Witness apns = witness();
    Forgetful work = new Forgetful(pool);
    try (Stage _ = new Stage(node, work, Stage.TIMING, apns)) {
      Campaign done = audience.awaitDone(campaign);

      assertThat(done.sent()).isEqualTo(600);
      assertThat(done.audience()).isEqualTo(600);
      apns.assertExactlyOnce(audience.tokens());
      assertThat(work.lost).hasPositiveValue();
    }
  }

  @Test
  void campaign_databaseCutAgainAndAgain_countsAndReachesEveryDevice() {
    audience.devices("apns", 1_000);
    UUID campaign = audience.begin();
    Witness apns = witness();
    try (Stage _ = new Stage(node, pool, apns)) {
      int cuts = 0;
      for (int reached = 100; reached <= 700; reached += 200) {
        int enough = reached;
        Awaitility.await()
            .atMost(Audience.PATIENCE)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> apns.acknowledged() >= enough);
        Awaitility.await()
            .atMost(Audience.PATIENCE)
            .ignoreExceptions()
            .until(() -> !audience.run(CUT, Tuple.tuple()).isEmpty());
        cuts++;
      }
      Awaitility.await()
          .atMost(Audience.PATIENCE)
          .ignoreExceptions()
          .until(() -> audience.look(campaign).status() == CampaignStatus.DONE);

      assertThat(audience.look(campaign).sent()).isEqualTo(1_000);
      apns.assertAtLeastOnce(audience.tokens(), cuts * apns.connections() * WINDOW);
    }
  }

  private static Witness witness() {
    return new Witness(new Loudspeaker(DeviceKind.APNS, WINDOW, 5, _ -> PushOutcome.DELIVERED));
  }

  /// Does its work, and often does not say so.
  private static final class Forgetful extends PushWork {
    final AtomicInteger lost = new AtomicInteger();
    private final Random random = new Random(7);

    Forgetful(Pool pool) {
      super(pool, 200, 50);
    }

    @Override
    public Uni<PushBatch.Order> settle(PushBatch batch, PushBatch.Settled settled, Duration lease) {
      return forget(super.settle(batch, settled, lease));
    }

    @Override
    public Uni<Void> finish(PushBatch batch) {
      return forget(super.finish(batch));
    }

    @Override
    public Uni<Void> release(PushBatch batch, Duration rest) {
      return forget(super.release(batch, rest));
    }

    private synchronized <T> Uni<T> forget(Uni<T> work) {
      return random.nextInt(3) > 0
          ? work
          : work.onItem()
              .transformToUni(
                  _ -> {
                    lost.incrementAndGet();
                    return Uni.createFrom().failure(new IOException("the answer is lost"));
                  });
    }
  }
}

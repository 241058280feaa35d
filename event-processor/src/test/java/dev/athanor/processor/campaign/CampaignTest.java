package dev.athanor.processor.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.campaigns.Campaign;
import dev.athanor.domain.campaigns.CampaignStatus;
import dev.athanor.domain.campaigns.Campaigns;
import dev.athanor.domain.readers.DeviceKind;
import dev.athanor.otp.process.Node;
import dev.athanor.processor.push.PushConnection;
import dev.athanor.processor.push.PushOutcome;
import dev.athanor.processor.push.PushOutcome.Whom;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class CampaignTest {
  private static final int WINDOW = 40;

  @Inject Node node;
  @Inject Pool pool;
  @Inject Campaigns campaigns;

  private Audience audience;

  @BeforeEach
  void audience() {
    audience = new Audience(pool, campaigns);
  }

  @Test
  void campaign_ofSeveralStreams_reachesEveryDeviceOnce() {
    audience.devices("apns", 700, audience.name);
    audience.devices("fcm", 30, audience.name);
    String other = audience.name + "-b";
    audience.run(
        "INSERT INTO stream (slug, name, kind, search) VALUES ($1, $1, 'topic', $1)",
        Tuple.of(other));
    audience.run(
        """
        INSERT INTO subscription (stream_id, reader_id)
        SELECT b.id, reader_id FROM subscription JOIN stream a ON a.id = stream_id, stream b
        WHERE a.slug = $1 AND b.slug = $2
        """,
        Tuple.of(audience.name, other));

    UUID campaign = audience.begin(audience.name, other);
    Witness apns = witness(DeviceKind.APNS, _ -> PushOutcome.DELIVERED);
    Witness fcm = witness(DeviceKind.FCM, _ -> PushOutcome.DELIVERED);
    try (Stage _ = new Stage(node, pool, apns, fcm)) {
      Campaign done = audience.awaitDone(campaign);

      assertThat(done.audience()).isEqualTo(730);
      assertThat(done.sent()).isEqualTo(730);
      assertThat(done.counted()).isTrue();
      assertThat(done.percent()).isEqualTo(100);
      assertThat(done.finishedAt()).isNotNull();
      apns.assertExactlyOnce(tokens("-apns-"));
      fcm.assertExactlyOnce(tokens("-fcm-"));
      assertThat(apns.mostUnderWay()).isLessThanOrEqualTo(WINDOW);
      assertThat(apns.opened()).isBetween(2, 3);
    }
  }

  @Test
  void campaign_withoutWork_letsItsWorkersGo() {
    audience.devices("apns", 60);
    Witness apns = witness(DeviceKind.APNS, _ -> PushOutcome.DELIVERED);
    try (Stage stage = new Stage(node, pool, apns)) {
      audience.awaitDone(audience.begin());

      Awaitility.await()
          .atMost(Audience.PATIENCE)
          .untilAsserted(() -> assertThat(stage.workers()).isEmpty());
      assertThat(apns.stillOpen()).isZero();
    }
  }

  @Test
  void campaign_devicesNobodyDeliversTo_areSkipped() {
    audience.devices("apns", 20);
    audience.devices("webpush", 30);
    UUID campaign = audience.begin();
    Witness apns = witness(DeviceKind.APNS, _ -> PushOutcome.DELIVERED);
    try (Stage _ = new Stage(node, pool, apns)) {
      Campaign done = audience.awaitDone(campaign);

      assertThat(done.audience()).isEqualTo(50);
      assertThat(done.sent()).isEqualTo(20);
      assertThat(done.skipped()).isEqualTo(30);
    }
  }

  @Test
  void campaign_withoutAudience_isDone() {
    audience.devices("apns", 1, audience.name + "-b");
    UUID campaign = audience.begin();
    try (Stage _ = new Stage(node, pool, witness(DeviceKind.APNS, _ -> PushOutcome.DELIVERED))) {
      assertThat(audience.awaitDone(campaign).audience()).isZero();
    }
  }

  @Test
  void campaign_storyBegunTwice_isOne() {
    audience.devices("apns", 10);
    UUID event = UUID.randomUUID();
    UUID post = UUID.randomUUID();
    audience.begin(event, post);
    audience.begin(event, post);
    audience.begin(UUID.randomUUID(), post);
    Witness apns = witness(DeviceKind.APNS, _ -> PushOutcome.DELIVERED);
    try (Stage _ = new Stage(node, pool, apns)) {
      audience.awaitDone(event);

      apns.assertExactlyOnce(audience.tokens());
    }
  }

  @Test
  void campaign_deadTokens_areForgotten() {
    audience.devices("apns", 200);
    UUID campaign = audience.begin();
    Function<String, PushOutcome> answers =
        token ->
            token.endsWith("7") ? new PushOutcome.DeadToken("Unregistered") : PushOutcome.DELIVERED;
    Witness apns = witness(DeviceKind.APNS, answers);
    try (Stage _ = new Stage(node, pool, apns)) {
      Campaign done = audience.awaitDone(campaign);

      assertThat(done.dead()).isEqualTo(20);
      assertThat(done.sent()).isEqualTo(180);
      assertThat(audience.tokens()).hasSize(180).noneMatch(token -> token.endsWith("7"));
    }
  }

  @Test
  void campaign_refusedDevices_areCountedWithTheReason() {
    audience.devices("apns", 100);
    UUID campaign = audience.begin();
    Function<String, PushOutcome> answers =
        token ->
            token.endsWith("7")
                ? new PushOutcome.Refused("TopicDisallowed")
                : token.endsWith("8")
                    ? new PushOutcome.RetryAfter(Duration.ZERO, Whom.DEVICE, "TooManyRequests")
                    : PushOutcome.DELIVERED;
    try (Stage _ = new Stage(node, pool, witness(DeviceKind.APNS, answers))) {
      Campaign done = audience.awaitDone(campaign);

      assertThat(done.refused()).isEqualTo(20);
      assertThat(done.sent()).isEqualTo(80);
      assertThat(done.problem()).containsAnyOf("TopicDisallowed", "TooManyRequests");
    }
  }

  @Test
  void campaign_transientRefusalsAndLostConnections_reachesEveryDeviceOnce() {
    audience.devices("apns", 500);
    UUID campaign = audience.begin();
    Random random = new Random(5);
    Set<String> refusedOnce = ConcurrentHashMap.newKeySet();
    Function<String, PushOutcome> answers =
        token -> {
          int chance = refusedOnce.add(token) ? random.nextInt(10) : 9;
          return switch (chance) {
            case 0 -> throw new Loudspeaker.Lost();
            case 1 -> new PushOutcome.RetryAfter(Duration.ofMillis(3), Whom.EVERYBODY, "Shutdown");
            case 2 -> new PushOutcome.RetryAfter(Duration.ZERO, Whom.DEVICE, "TooManyRequests");
            default -> PushOutcome.DELIVERED;
          };
        };
    Witness apns = witness(DeviceKind.APNS, answers);
    try (Stage _ = new Stage(node, pool, apns)) {
      assertThat(audience.awaitDone(campaign).sent()).isEqualTo(500);

      apns.assertExactlyOnce(audience.tokens());
    }
  }

  @Test
  void campaign_onePushServiceAway_holdsUpNobodyElseAndForgetsNobody() {
    audience.devices("webpush", 500);
    UUID campaign = audience.begin();
    AtomicBoolean back = new AtomicBoolean();
    AtomicInteger tries = new AtomicInteger();
    Function<String, PushOutcome> answers =
        token -> {
          if (!token.endsWith("7") || back.get()) {
            return PushOutcome.DELIVERED;
          }
          tries.incrementAndGet();
          return new PushOutcome.RetryAfter(Duration.ofMillis(20), Whom.ORIGIN, "status 503");
        };
    Witness webpush = witness(DeviceKind.WEBPUSH, answers);
    try (Stage _ = new Stage(node, pool, webpush)) {
      awaitAcknowledged(webpush, 450);
      Awaitility.await().atMost(Audience.PATIENCE).until(() -> tries.get() > 12 * 50);
      Campaign meanwhile = audience.look(campaign);
      assertThat(meanwhile.status()).isEqualTo(CampaignStatus.RUNNING);
      assertThat(meanwhile.refused()).isZero();
      assertThat(meanwhile.problem()).isEqualTo("status 503");
      back.set(true);

      assertThat(audience.awaitDone(campaign).sent()).isEqualTo(500);
      webpush.assertExactlyOnce(audience.tokens());
    }
  }

  @Test
  void campaign_pushServiceAwayUntilTheStoryIsOld_givesItsDevicesUp() {
    audience.devices("webpush", 60);
    audience.devices("fcm", 60);
    UUID campaign = audience.begin();
    Witness webpush =
        witness(
            DeviceKind.WEBPUSH,
            token ->
                token.endsWith("7")
                    ? new PushOutcome.RetryAfter(Duration.ofMillis(20), Whom.ORIGIN, "status 503")
                    : PushOutcome.DELIVERED);
    Witness fcm =
        witness(
            DeviceKind.FCM,
            _ -> {
              throw new Loudspeaker.Lost();
            });
    try (Stage _ = new Stage(node, pool, Stage.timing(Duration.ofSeconds(1)), webpush, fcm)) {
      Campaign done = audience.awaitDone(campaign);

      assertThat(done.sent()).isEqualTo(54);
      assertThat(done.refused()).isEqualTo(66);
      assertThat(done.problem()).containsAnyOf("status 503, for PT1S", "lost, for PT1S");
    }
  }

  @Test
  void campaign_connectionThatAnswersNothing_isReplaced() {
    audience.devices("fcm", 100);
    UUID campaign = audience.begin();
    AtomicInteger connections = new AtomicInteger();
    Loudspeaker speaker =
        new Loudspeaker(
            DeviceKind.FCM,
            WINDOW,
            1,
            _ -> {
              if (connections.get() < 4) {
                throw new Loudspeaker.Lost();
              }
              return PushOutcome.DELIVERED;
            }) {
          @Override
          public PushConnection open() {
            connections.incrementAndGet();
            return super.open();
          }
        };
    Witness fcm = new Witness(speaker);
    try (Stage _ = new Stage(node, pool, fcm)) {
      assertThat(audience.awaitDone(campaign).sent()).isEqualTo(100);

      fcm.assertExactlyOnce(audience.tokens());
      assertThat(fcm.stillOpen()).isLessThanOrEqualTo(speaker.connections());
    }
  }

  @Test
  void campaign_pausedAndResumed_goesOnWhereItWas() {
    audience.devices("apns", 600);
    UUID campaign = audience.begin();
    Loudspeaker speaker = new Loudspeaker(DeviceKind.APNS, 5, 20, _ -> PushOutcome.DELIVERED);
    Witness apns = new Witness(speaker);
    try (Stage _ = new Stage(node, pool, apns)) {
      awaitAcknowledged(apns, 50);
      assertThat(Audience.await(campaigns.pause(campaign)).status())
          .isEqualTo(CampaignStatus.PAUSED);
      Awaitility.await()
          .atMost(Audience.PATIENCE)
          .until(() -> audience.look(campaign).sent() == speaker.pushes());
      Campaign paused = audience.look(campaign);
      assertThat(paused.sent()).isLessThan(600);
      assertThat(paused.left()).isNull();
      Awaitility.await()
          .during(Duration.ofMillis(300))
          .atMost(Audience.PATIENCE)
          .until(() -> speaker.pushes() == paused.sent());

      Audience.await(campaigns.resume(campaign));
      assertThat(audience.awaitDone(campaign).sent()).isEqualTo(600);
      apns.assertExactlyOnce(audience.tokens());
    }
  }

  @Test
  void campaign_cancelled_endsWithWhatIsUnderWay() {
    audience.devices("apns", 600);
    UUID campaign = audience.begin();
    Witness apns = new Witness(new Loudspeaker(DeviceKind.APNS, 5, 20, _ -> PushOutcome.DELIVERED));
    try (Stage _ = new Stage(node, pool, apns)) {
      awaitAcknowledged(apns, 50);
      Audience.await(campaigns.cancel(campaign));
      Awaitility.await().atMost(Audience.PATIENCE).until(() -> audience.openBatches(campaign) == 0);

      Campaign cancelled = audience.look(campaign);
      assertThat(cancelled.status()).isEqualTo(CampaignStatus.CANCELLED);
      assertThat(cancelled.sent()).isEqualTo(apns.acknowledged()).isBetween(50L, 599L);
    }
  }

  @Test
  void campaign_treeStoppedMidway_goesOnWithoutAnythingTwice() {
    audience.devices("apns", 600);
    UUID campaign = audience.begin();
    Witness apns = new Witness(new Loudspeaker(DeviceKind.APNS, 5, 20, _ -> PushOutcome.DELIVERED));
    for (int reached : new int[] {50, 250}) {
      try (Stage _ = new Stage(node, pool, apns)) {
        awaitAcknowledged(apns, reached);
      }
    }
    assertThat(apns.stillOpen()).isZero();
    try (Stage _ = new Stage(node, pool, apns)) {
      assertThat(audience.awaitDone(campaign).sent()).isEqualTo(600);

      apns.assertExactlyOnce(audience.tokens());
    }
  }

  @Test
  void campaign_workersAndPoolKilled_reachesEveryDevice() {
    audience.devices("apns", 1_500);
    UUID campaign = audience.begin();
    Witness apns =
        new Witness(new Loudspeaker(DeviceKind.APNS, 10, 10, _ -> PushOutcome.DELIVERED));
    int kills = 0;
    try (Stage stage = new Stage(node, pool, apns)) {
      for (int reached = 100; reached <= 900; reached += 200) {
        awaitAcknowledged(apns, reached);
        stage.killAWorker();
        kills++;
      }
      stage.killThePool();
      kills += 3;
      assertThat(audience.awaitDone(campaign).sent()).isEqualTo(1_500);

      apns.assertAtLeastOnce(audience.tokens(), kills * WINDOW);
    }
  }

  private Witness witness(DeviceKind kind, Function<String, PushOutcome> answers) {
    return new Witness(new Loudspeaker(kind, WINDOW, 1, answers));
  }

  private static void awaitAcknowledged(Witness witness, int count) {
    Awaitility.await()
        .atMost(Audience.PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> witness.acknowledged() >= count);
  }

  private Set<String> tokens(String part) {
    Set<String> tokens = new HashSet<>(audience.tokens());
    tokens.removeIf(token -> !token.contains(part));
    return tokens;
  }
}

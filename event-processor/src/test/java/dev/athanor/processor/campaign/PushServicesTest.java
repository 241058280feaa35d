package dev.athanor.processor.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.pushy.apns.server.MockApnsServer;
import com.eatthepath.pushy.apns.server.MockApnsServerBuilder;
import com.eatthepath.pushy.apns.server.PushNotificationHandler;
import com.eatthepath.pushy.apns.server.RejectedNotificationException;
import com.eatthepath.pushy.apns.server.RejectionReason;
import com.eatthepath.pushy.apns.server.UnregisteredDeviceTokenException;
import dev.athanor.domain.campaigns.Campaign;
import dev.athanor.domain.campaigns.Campaigns;
import dev.athanor.otp.process.Node;
import dev.athanor.processor.apns.ApnsGateway;
import dev.athanor.processor.fcm.FcmGateway;
import dev.athanor.processor.outbound.Outbound;
import dev.athanor.processor.push.PushGateway;
import dev.athanor.processor.push.Settings;
import dev.athanor.processor.webpush.WebPushGateway;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class PushServicesTest {
  @Inject Node node;
  @Inject Pool pool;
  @Inject Vertx vertx;
  @Inject Campaigns campaigns;

  private Audience audience;

  @BeforeEach
  void audience() {
    audience = new Audience(pool, campaigns);
  }

  @Test
  void apns_refusingAndRestarted_everyLivingDeviceHasItOnce() throws Exception {
    audience.devices("apns", 1_000);
    Random random = new Random(3);
    Set<String> met = ConcurrentHashMap.newKeySet();
    Set<String> collapseIds = ConcurrentHashMap.newKeySet();
    Set<String> signed = ConcurrentHashMap.newKeySet();
    PushNotificationHandler handler =
        (headers, _) -> {
          collapseIds.add(String.valueOf(headers.get("apns-collapse-id")));
          signed.add(String.valueOf(headers.get("authorization")).replaceAll(" .*", ""));
          String token = headers.path().toString();
          if (token.endsWith("7")) {
            throw new UnregisteredDeviceTokenException(Instant.now());
          }
          if (token.endsWith("88")) {
            throw new RejectedNotificationException(RejectionReason.BAD_DEVICE_TOKEN);
          }
          int chance = met.add(token) ? random.nextInt(20) : 19;
          if (chance == 0) {
            throw new RejectedNotificationException(RejectionReason.TOO_MANY_REQUESTS);
          }
          if (chance == 1) {
            throw new RejectedNotificationException(RejectionReason.SERVICE_UNAVAILABLE);
          }
        };
    MockApnsServer server = apns(handler);
    int port = server.start(0).get(5, TimeUnit.SECONDS);
    Witness apns = new Witness(gateway(port));
    UUID campaign = audience.begin();
    try (Stage _ = new Stage(node, pool, apns)) {
      Awaitility.await()
          .atMost(Audience.PATIENCE)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> apns.acknowledged() > 200);
      server.shutdown().get(5, TimeUnit.SECONDS);
      server = apns(handler);
      server.start(port).get(5, TimeUnit.SECONDS);

      Campaign done = audience.awaitDone(campaign);

      assertThat(done.dead()).isEqualTo(110);
      assertThat(done.sent()).isEqualTo(890);
      apns.assertExactlyOnce(audience.tokens());
      assertThat(collapseIds).containsExactly(done.post().toString());
      assertThat(signed).containsExactly("bearer");
    } finally {
      server.shutdown().get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void apns_keyThatIsRefused_givesNobodyUpAndTellsWhy() throws Exception {
    audience.devices("apns", 100);
    AtomicBoolean known = new AtomicBoolean();
    MockApnsServer server =
        apns(
            (_, _) -> {
              if (!known.get()) {
                throw new RejectedNotificationException(RejectionReason.INVALID_PROVIDER_TOKEN);
              }
            });
    int port = server.start(0).get(5, TimeUnit.SECONDS);
    Witness apns = new Witness(gateway(port));
    UUID campaign = audience.begin();
    try (Stage _ = new Stage(node, pool, apns)) {
      Awaitility.await()
          .atMost(Audience.PATIENCE)
          .until(() -> "InvalidProviderToken".equals(audience.look(campaign).problem()));
      known.set(true);

      assertThat(audience.awaitDone(campaign).sent()).isEqualTo(100);
      apns.assertExactlyOnce(audience.tokens());
    } finally {
      server.shutdown().get(5, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void fcm_resettingDroppingAndGoingAway_everyLivingDeviceHasItOnce(long seed) {
    audience.devices("fcm", 600);
    UUID campaign = audience.begin();
    try (RoughService service = new RoughService(seed)) {
      Witness fcm = new Witness(fcm(service));
      try (Stage _ = new Stage(node, pool, fcm)) {
        Campaign done = audience.awaitDone(campaign);

        assertThat(done.dead()).isEqualTo(60);
        assertThat(done.sent()).isEqualTo(540);
        fcm.assertExactlyOnce(audience.tokens());
        assertThat(service.happened()).containsOnlyKeys(RoughService.Fault.values());
        // Its own record: twice only whose answer was lost on its way.
        assertThat(service.taken().keySet()).isEqualTo(audience.tokens());
        int twice = service.taken().values().stream().mapToInt(count -> count - 1).sum();
        assertThat(twice).isLessThanOrEqualTo(fcm.lost());
      }
    }
  }

  @Test
  void webPush_resettingDroppingAndGoingAway_everyLivingBrowserHasItOnce() {
    audience.devices("webpush", 120);
    try (RoughService service = new RoughService(3, 3)) {
      audience.run(
          "UPDATE device SET token = $1 || token, p256dh = $2, auth = $3 WHERE token LIKE $4",
          Tuple.of(
              service.address() + "/push/",
              point(Settings.ellipticKeys()),
              base64("sixteen bytes!!!".getBytes(StandardCharsets.UTF_8)),
              audience.name + "-%"));
      UUID campaign = audience.begin();
      Witness browsers = new Witness(webPush());
      try (Stage _ = new Stage(node, pool, browsers)) {
        Campaign done = audience.awaitDone(campaign);

        assertThat(done.dead()).isEqualTo(12);
        assertThat(done.sent()).isEqualTo(108);
        Set<String> living = new HashSet<>();
        audience
            .run(
                "SELECT token FROM device WHERE token LIKE $1",
                Tuple.of(service.address() + "/push/" + audience.name + "-%"))
            .forEach(row -> living.add(row.getString(0)));
        browsers.assertExactlyOnce(living);
        assertThat(service.happened()).containsOnlyKeys(RoughService.Fault.values());
        assertThat(service.taken()).hasSize(108);
      }
    }
  }

  private PushGateway webPush() {
    KeyPair keys = Settings.ellipticKeys();
    return new WebPushGateway(
        vertx,
        new Outbound(vertx, Optional.of(List.of("127.0.0.1"))),
        Settings.of(
            Map.of(
                "athanor.push.webpush.private-key", Settings.pem(keys.getPrivate()),
                "athanor.push.webpush.public-key", point(keys),
                "athanor.push.webpush.subject", "mailto:desk@example.org",
                "athanor.push.webpush.plain", "true",
                "athanor.push.window", "40")));
  }

  /// An uncompressed point: the last 65 bytes of what X.509 makes of a key.
  private static String point(KeyPair keys) {
    byte[] encoded = keys.getPublic().getEncoded();
    return base64(Arrays.copyOfRange(encoded, encoded.length - 65, encoded.length));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private PushGateway gateway(int port) throws URISyntaxException {
    return new ApnsGateway(
        vertx,
        Settings.of(
            Map.of(
                "athanor.push.apns.key", Settings.pem(Settings.ellipticKeys().getPrivate()),
                "athanor.push.apns.key-id", "KEYID12345",
                "athanor.push.apns.team-id", "TEAMID1234",
                "athanor.push.apns.topic", "dev.athanor.news",
                "athanor.push.apns.endpoint", "localhost:" + port,
                "athanor.push.apns.trusted-certificate", resource("server.pem").toString(),
                "athanor.push.window", "100")));
  }

  private PushGateway fcm(RoughService service) {
    JsonObject account =
        new JsonObject()
            .put("project_id", "athanor")
            .put("client_email", "push@athanor.example")
            .put("private_key", Settings.pem(Settings.rsaKeys().getPrivate()))
            .put("token_uri", service.address() + "/token");
    return new FcmGateway(
        vertx,
        Settings.of(
            Map.of(
                "athanor.push.fcm.service-account", account.encode(),
                "athanor.push.fcm.endpoint", service.address(),
                "athanor.push.window", "50")));
  }

  private static MockApnsServer apns(PushNotificationHandler handler) throws Exception {
    try (InputStream certificate = PushServicesTest.class.getResourceAsStream("/push/server.pem");
        InputStream key = PushServicesTest.class.getResourceAsStream("/push/server-key.pem")) {
      return new MockApnsServerBuilder()
          .setServerCredentials(certificate, key, null)
          .setHandlerFactory(_ -> handler)
          .build();
    }
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(PushServicesTest.class.getResource("/push/" + name).toURI());
  }
}

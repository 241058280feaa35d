package dev.athanor.apps.umbrella;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the packaged umbrella with SIGKILL while it pushes a breaking story. Afterwards every
 * device has been asked for once, but for those whose answer was under way; among them the phone of
 * a reader who has come and followed as readers do, and not those of readers who do not follow.
 */
class CampaignKillIT {
  private static final int DEVICES = 3_000;
  private static final int CONNECTIONS = 2;
  private static final int WINDOW = 50;

  @Test
  void node_killedAmidACampaign_reachesEveryDeviceAndRepeatsOnlyWhatWasUnderWay(
      @TempDir Path folder) throws Exception {
    KeyPair keys = ellipticKeys();
    try (PushStandIn browsers = new PushStandIn();
        PackagedUmbrella umbrella = new PackagedUmbrella(folder, PackagedUmbrella.QUICK)) {
      umbrella
          .with("ATHANOR_PUSH_WEBPUSH_PRIVATE_KEY", pem(keys))
          .with("ATHANOR_PUSH_WEBPUSH_PUBLIC_KEY", point(keys))
          .with("ATHANOR_PUSH_WEBPUSH_SUBJECT", "mailto:press@athanor.example")
          .with("ATHANOR_PUSH_WEBPUSH_PLAIN", "true")
          .with("ATHANOR_PUSH_FCM_SERVICE_ACCOUNT", serviceAccount(browsers.address()))
          .with("ATHANOR_PUSH_FCM_ENDPOINT", browsers.address())
          .with("ATHANOR_OUTBOUND_ALLOWED_ADDRESSES", "127.0.0.1")
          .with("ATHANOR_PUSH_CONNECTIONS", Integer.toString(CONNECTIONS))
          .with("ATHANOR_PUSH_WINDOW", Integer.toString(WINDOW))
          .with("ATHANOR_PUSH_LEASE", "3s")
          .start();
      try (Ledger ledger = Ledger.of(folder.resolve(".athanor"))) {
        subscribe(ledger, browsers.address(), point(keys));
      }
      String follows = phone(umbrella, "follows", "motorsport");
      phone(umbrella, "follows-another", "tennis");
      String left = phone(umbrella, "followed-once", "motorsport");
      assertThat(
              umbrella.reader(left, "DELETE", "/api/me/subscriptions/motorsport", "").statusCode())
          .isEqualTo(204);
      assertThat(umbrella.reader(follows, "GET", "/api/me/subscriptions", "").body())
          .contains("motorsport");
      assertThat(umbrella.post("/api/cms/posts", story()).statusCode()).isEqualTo(201);

      browsers.awaitPushes(DEVICES / 3);
      umbrella.kill();

      assertThat(browsers.devices()).isLessThan(DEVICES);
      umbrella.start();
      try (Ledger ledger = Ledger.of(folder.resolve(".athanor"))) {
        await("the campaign goes on and ends")
            .atMost(Duration.ofSeconds(60))
            .until(() -> ledger.count("select count(*) from campaign where status = 'done'") == 1);
        assertThat(ledger.count("select sent from campaign")).isEqualTo(DEVICES + 1);
        assertThat(ledger.count("select audience from campaign")).isEqualTo(DEVICES + 1);
      }
      assertThat(browsers.phones()).containsExactly(token("follows"));
      assertThat(browsers.devices()).isEqualTo(DEVICES);
      assertThat(browsers.repeated()).isLessThanOrEqualTo(CONNECTIONS * WINDOW);
      assertThat(browsers.collapseIds()).hasSize(1);
    }
  }

  private static void subscribe(Ledger ledger, String address, String key) throws Exception {
    ledger.write(
        """
        with reader as materialized (
          select gen_random_uuid() as id, n from generate_series(1, ?) n
        ), followed as (
          insert into subscription (stream_id, reader_id)
          select stream.id, reader.id from reader, stream where slug = 'motorsport'
        )
        insert into device (reader_id, kind, token, p256dh, auth, since)
        select id, 'webpush', ? || n, ?, ?, now() - interval '1 minute' from reader
        """,
        DEVICES,
        address + "/device-",
        key,
        base64("sixteen bytes!!!".getBytes(StandardCharsets.UTF_8)));
  }

  /** A new reader who follows a stream, with a phone; the reader's token. */
  private static String phone(PackagedUmbrella umbrella, String name, String stream)
      throws Exception {
    HttpResponse<String> made = umbrella.reader("none", "POST", "/api/readers", "");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String reader = new JsonObject(made.body()).getString("token");
    assertThat(umbrella.reader(reader, "PUT", "/api/me/subscriptions/" + stream, "").statusCode())
        .isEqualTo(204);
    String device = "{\"kind\":\"fcm\",\"token\":\"%s\"}".formatted(token(name));
    assertThat(umbrella.reader(reader, "POST", "/api/me/devices", device).statusCode())
        .isEqualTo(201);
    return reader;
  }

  private static String token(String name) {
    return "the-phone-of-a-reader-who:" + name;
  }

  private static String serviceAccount(String address) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return new JsonObject()
        .put("project_id", "athanor")
        .put("client_email", "push@athanor.example")
        .put("private_key", pem(generator.generateKeyPair()))
        .put("token_uri", address + "/token")
        .encode();
  }

  private static String story() {
    return """
    {"type":"article","title":"Crash at the start","body":"Red flag.",
     "streams":["motorsport"],"breaking":true,"publish":true}
    """;
  }

  private static KeyPair ellipticKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static String pem(KeyPair keys) {
    return String.join(
        "\n",
        List.of(
            "-----BEGIN PRIVATE KEY-----",
            Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded()),
            "-----END PRIVATE KEY-----"));
  }

  /** The public key as an uncompressed point: the last 65 bytes of what X.509 makes of it. */
  private static String point(KeyPair keys) {
    byte[] encoded = ((ECPublicKey) keys.getPublic()).getEncoded();
    return base64(Arrays.copyOfRange(encoded, encoded.length - 65, encoded.length));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}

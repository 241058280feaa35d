package dev.athanor.processor.webpush;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.campaigns.PushBatch;
import dev.athanor.domain.campaigns.Recipient;
import dev.athanor.domain.readers.Device;
import dev.athanor.processor.outbound.Outbound;
import dev.athanor.processor.push.PushConnection;
import dev.athanor.processor.push.PushOutcome;
import dev.athanor.processor.push.PushOutcome.Whom;
import dev.athanor.processor.push.Settings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebPushConnectionTest {
  private static final PushBatch.Story STORY =
      new PushBatch.Story(UUID.randomUUID(), "Late winner", "1-0", Instant.now());
  private static final byte[] AUTH = "sixteen bytes!!!".getBytes(StandardCharsets.UTF_8);

  private final Vertx vertx = Vertx.vertx();
  private final KeyPair browser = Settings.ellipticKeys();
  private final KeyPair server = Settings.ellipticKeys();
  private final CompletableFuture<HttpServerRequest> request = new CompletableFuture<>();
  private final CompletableFuture<Buffer> body = new CompletableFuture<>();
  private volatile int status = 201;
  private volatile String retryAfter = "";
  private final AtomicInteger requests = new AtomicInteger();
  private final WebPushGateway gateway = gateway();
  private HttpServer stand;

  @BeforeEach
  void standIn() {
    stand =
        vertx
            .createHttpServer()
            .requestHandler(
                got -> {
                  requests.incrementAndGet();
                  request.complete(got);
                  got.body()
                      .onSuccess(
                          bytes -> {
                            body.complete(bytes);
                            if (!retryAfter.isEmpty()) {
                              got.response().putHeader("retry-after", retryAfter);
                            }
                            got.response().setStatusCode(status).end();
                          });
                })
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void push_taken_isEncryptedForTheBrowserAlone() throws Exception {
    assertThat(push(endpoint())).isInstanceOf(PushOutcome.Delivered.class);

    HttpServerRequest got = request.get(5, TimeUnit.SECONDS);
    assertThat(got.path()).isEqualTo("/push/1");
    assertThat(got.getHeader("ttl")).isEqualTo("14400");
    assertThat(got.getHeader("content-encoding")).isEqualTo("aes128gcm");
    assertThat(got.getHeader("topic")).hasSize(22).matches("[A-Za-z0-9_-]+");
    assertThat(got.version()).hasToString("HTTP_2");
    JsonObject message = new JsonObject(Buffer.buffer(decrypt(body.get().getBytes())));
    assertThat(message.getString("title")).isEqualTo("Late winner");
    assertThat(message.getString("story")).isEqualTo(STORY.post().toString());
  }

  @Test
  void push_taken_isSignedByTheServer() throws Exception {
    push(endpoint());

    String header = request.get(5, TimeUnit.SECONDS).getHeader("authorization");
    assertThat(header).startsWith("vapid ");
    String token = header.replaceAll(".*t=([^,; ]+).*", "$1");
    assertThat(header).contains("k=" + base64(point((ECPublicKey) server.getPublic())));
    String[] parts = token.split("\\.", -1);
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initVerify(server.getPublic());
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    JsonObject claims = new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(parts[1])));
    assertThat(claims.getString("aud")).isEqualTo("http://127.0.0.1:" + stand.actualPort());
    assertThat(claims.getString("sub")).isEqualTo("mailto:desk@example.org");
  }

  @Test
  void push_answeredOtherwise_isWhatTheStatusSays() {
    status = 410;
    assertThat(push(endpoint())).isInstanceOf(PushOutcome.DeadToken.class);
    status = 404;
    assertThat(push(endpoint())).isInstanceOf(PushOutcome.DeadToken.class);
    status = 413;
    assertThat(push(endpoint())).isInstanceOf(PushOutcome.Refused.class);
    status = 429;
    retryAfter = "7";
    assertThat(push(endpoint()))
        .isInstanceOfSatisfying(
            PushOutcome.RetryAfter.class,
            later -> {
              assertThat(later.after()).isEqualTo(Duration.ofSeconds(7));
              assertThat(later.whom()).isEqualTo(Whom.DEVICE);
            });
  }

  @Test
  void push_serviceInTrouble_restsItsOriginAlone() {
    status = 500;
    retryAfter = "7";
    assertThat(push(endpoint()))
        .isInstanceOfSatisfying(
            PushOutcome.RetryAfter.class,
            later -> {
              assertThat(later.after()).isGreaterThan(Duration.ofSeconds(7));
              assertThat(later.whom()).isEqualTo(Whom.ORIGIN);
            });
    status = 201;
    int asked = requests.get();

    assertThat(push(endpoint()))
        .isInstanceOfSatisfying(
            PushOutcome.RetryAfter.class, later -> assertThat(later.whom()).isEqualTo(Whom.ORIGIN));
    assertThat(requests).hasValue(asked);
    assertThat(push("http://localhost:" + stand.actualPort() + "/push/1"))
        .isEqualTo(PushOutcome.DELIVERED);
  }

  @Test
  void push_keyOfOursRefused_restsItsOriginAndGivesNobodyUp() {
    status = 401;

    assertThat(push(endpoint()))
        .isInstanceOfSatisfying(
            PushOutcome.RetryAfter.class, later -> assertThat(later.whom()).isEqualTo(Whom.ORIGIN));
  }

  @Test
  void push_endpointWithinTheNetwork_isRefusedUnasked() {
    assertThat(push("http://127.0.0.2:" + stand.actualPort() + "/push/1"))
        .isInstanceOf(PushOutcome.Refused.class);
    assertThat(push("http://[::ffff:127.0.0.2]:" + stand.actualPort() + "/push/1"))
        .isInstanceOf(PushOutcome.Refused.class);
    assertThat(request).isNotDone();
  }

  @Test
  void push_nobodyThere_isForLater() {
    stand.close().toCompletionStage().toCompletableFuture().join();

    assertThat(push(endpoint()))
        .isInstanceOfSatisfying(
            PushOutcome.RetryAfter.class, later -> assertThat(later.whom()).isEqualTo(Whom.ORIGIN));
  }

  @Test
  void push_browserWithKeysThatAreNone_isRefusedAndRestsNobody() {
    Device device = new Device.WebPush(endpoint(), base64(new byte[65]), base64(AUTH));

    assertThat(push(device)).isInstanceOf(PushOutcome.Refused.class);
    assertThat(push(endpoint())).isEqualTo(PushOutcome.DELIVERED);
  }

  private String endpoint() {
    return "http://127.0.0.1:" + stand.actualPort() + "/push/1";
  }

  private WebPushGateway gateway() {
    return new WebPushGateway(
        vertx,
        new Outbound(vertx, Optional.of(List.of("127.0.0.1"))),
        Settings.of(
            Map.of(
                "athanor.push.webpush.private-key",
                Settings.pem(server.getPrivate()),
                "athanor.push.webpush.public-key",
                base64(point((ECPublicKey) server.getPublic())),
                "athanor.push.webpush.subject",
                "mailto:desk@example.org",
                "athanor.push.webpush.plain",
                "true")));
  }

  private PushOutcome push(String endpoint) {
    return push(
        new Device.WebPush(
            endpoint, base64(point((ECPublicKey) browser.getPublic())), base64(AUTH)));
  }

  private PushOutcome push(Device device) {
    PushConnection connection = gateway.open();
    try {
      return connection
          .push(UUID.randomUUID(), STORY, new Recipient(1, device))
          .toCompletableFuture()
          .orTimeout(10, TimeUnit.SECONDS)
          .join();
    } finally {
      connection.close();
    }
  }

  /// The browser's side of RFC 8291, from the RFC alone.
  private byte[] decrypt(byte[] message) throws Exception {
    ByteBuffer in = ByteBuffer.wrap(message);
    byte[] salt = take(in, 16);
    in.getInt();
    byte[] sender = take(in, in.get());
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(browser.getPrivate());
    agreement.doPhase(key(sender), true);
    byte[] own = point((ECPublicKey) browser.getPublic());
    byte[] pseudoKey = mac(AUTH, agreement.generateSecret());
    byte[] keyInfo =
        ByteBuffer.allocate(14 + 65 + 65 + 1)
            .put("WebPush: info\0".getBytes(StandardCharsets.US_ASCII))
            .put(own)
            .put(sender)
            .put((byte) 1)
            .array();
    byte[] secret = mac(salt, mac(pseudoKey, keyInfo));
    byte[] key = mac(secret, "Content-Encoding: aes128gcm\0\1".getBytes(StandardCharsets.US_ASCII));
    byte[] nonce = mac(secret, "Content-Encoding: nonce\0\1".getBytes(StandardCharsets.US_ASCII));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(key, 0, 16, "AES"),
        new GCMParameterSpec(128, nonce, 0, 12));
    byte[] padded = cipher.doFinal(take(in, in.remaining()));
    int end = padded.length - 1;
    while (padded[end] == 0) {
      end--;
    }
    assertThat(padded[end]).isEqualTo((byte) 2);
    return Arrays.copyOf(padded, end);
  }

  private static byte[] take(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }

  private static byte[] mac(byte[] key, byte[] data) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(data);
  }

  private ECPublicKey key(byte[] point) throws Exception {
    ECPoint at =
        new ECPoint(
            new BigInteger(1, Arrays.copyOfRange(point, 1, 33)),
            new BigInteger(1, Arrays.copyOfRange(point, 33, 65)));
    return (ECPublicKey)
        KeyFactory.getInstance("EC")
            .generatePublic(
                new ECPublicKeySpec(at, ((ECPublicKey) browser.getPublic()).getParams()));
  }

  private static byte[] point(ECPublicKey key) {
    byte[] bytes = new byte[65];
    bytes[0] = 4;
    put(key.getW().getAffineX(), bytes, 1);
    put(key.getW().getAffineY(), bytes, 33);
    return bytes;
  }

  private static void put(BigInteger number, byte[] to, int at) {
    byte[] bytes = number.toByteArray();
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, to, at + 32 - length, length);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}

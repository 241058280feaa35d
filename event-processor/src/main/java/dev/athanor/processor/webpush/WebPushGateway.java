package dev.athanor.processor.webpush;

import com.zerodeplibs.webpush.VAPIDKeyPair;
import com.zerodeplibs.webpush.VAPIDKeyPairs;
import com.zerodeplibs.webpush.key.PrivateKeySources;
import com.zerodeplibs.webpush.key.PublicKeySources;
import dev.athanor.domain.readers.DeviceKind;
import dev.athanor.processor.outbound.Outbound;
import dev.athanor.processor.push.Pem;
import dev.athanor.processor.push.PushConfig;
import dev.athanor.processor.push.PushConnection;
import dev.athanor.processor.push.PushGateway;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// The way to browsers. Each subscription names its own push service, so an endpoint is somebody
/// else's word: requests go to the public internet only ([Outbound]). Configured by
/// `athanor.push.webpush.private-key`, `.public-key` and `.subject`.
@ApplicationScoped
public class WebPushGateway implements PushGateway {
  /// Encrypting takes a worker's time, and a push service's answer as long as it takes: more under
  /// way than this only waits.
  private static final int WINDOW = 200;

  private final Vertx vertx;
  private final Outbound outbound;
  private final PushConfig config;
  private final Origins origins = new Origins(() -> ThreadLocalRandom.current().nextLong());
  private final @Nullable VAPIDKeyPair keys;

  /// Reads its settings; wrong ones are refused here.
  @Inject
  public WebPushGateway(Vertx vertx, Outbound outbound, PushConfig config) {
    this.vertx = vertx;
    this.outbound = outbound;
    this.config = config;
    this.keys = config.webpush().privateKey().map(key -> keys(key, config.webpush())).orElse(null);
  }

  @Override
  public DeviceKind kind() {
    return DeviceKind.WEBPUSH;
  }

  @Override
  public boolean configured() {
    return keys != null;
  }

  @Override
  public int connections() {
    return config.connections();
  }

  @Override
  public int window() {
    return Math.min(config.window(), WINDOW);
  }

  @Override
  public PushConnection open() {
    if (keys == null) {
      throw new IllegalStateException("athanor.push.webpush.private-key is not set");
    }
    return new WebPushConnection(
        vertx,
        outbound,
        origins,
        new Vapid(keys, required("subject", config.webpush().subject())),
        config.timeToLive(),
        config.webpush().plain());
  }

  private static VAPIDKeyPair keys(String key, PushConfig.Webpush config) {
    required("subject", config.subject());
    String text = required("public-key", config.publicKey());
    try {
      return VAPIDKeyPairs.of(
          PrivateKeySources.ofPKCS8Bytes(
              Pem.bytes(Pem.text("athanor.push.webpush.private-key", key))),
          PublicKeySources.ofUncompressedBytes(Base64.getUrlDecoder().decode(text)));
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "athanor.push.webpush: expected private-key as PKCS 8 in PEM and public-key as an"
              + " uncompressed point in base64url, both on P-256",
          e);
    }
  }

  private static String required(String name, Optional<String> value) {
    return value.orElseThrow(
        () ->
            new IllegalArgumentException(
                "athanor.push.webpush."
                    + name
                    + ": expected a value, since private-key has one; got none"));
  }
}

package dev.athanor.processor.apns;

import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import dev.athanor.domain.readers.DeviceKind;
import dev.athanor.processor.push.Pem;
import dev.athanor.processor.push.PushConfig;
import dev.athanor.processor.push.PushConnection;
import dev.athanor.processor.push.PushGateway;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The way to Apple's devices: HTTP/2 connections of Pushy's on this node's event loops, with
/// token-based authentication. Configured by `athanor.push.apns.key`, `.key-id`, `.team-id` and
/// `.topic`.
@ApplicationScoped
public class ApnsGateway implements PushGateway {
  private final Vertx vertx;
  private final PushConfig config;
  private final @Nullable ApnsSigningKey key;

  /// Reads its settings; wrong ones are refused here.
  @Inject
  public ApnsGateway(Vertx vertx, PushConfig config) {
    this.vertx = vertx;
    this.config = config;
    this.key = config.apns().key().map(text -> key(text, config.apns())).orElse(null);
  }

  @Override
  public DeviceKind kind() {
    return DeviceKind.APNS;
  }

  @Override
  public boolean configured() {
    return key != null;
  }

  @Override
  public int connections() {
    return config.connections();
  }

  @Override
  public int window() {
    return config.window();
  }

  @Override
  public PushConnection open() {
    String[] endpoint = config.apns().endpoint().split(":", 2);
    int port =
        endpoint.length == 2 ? Integer.parseInt(endpoint[1]) : ApnsClientBuilder.DEFAULT_APNS_PORT;
    ApnsClientBuilder builder =
        new ApnsClientBuilder()
            .setApnsServer(endpoint[0], port)
            .setSigningKey(key)
            .setConcurrentConnections(1)
            .setConnectionTimeout(Duration.ofSeconds(10))
            .setEventLoopGroup(((VertxInternal) vertx).getEventLoopGroup());
    config
        .apns()
        .trustedCertificate()
        .ifPresent(path -> builder.setTrustedServerCertificateChain(new File(path)));
    try {
      return new ApnsConnection(
          builder.build(), required("topic", config.apns().topic()), config.timeToLive());
    } catch (IOException e) {
      throw new IllegalStateException("athanor.push.apns: the TLS settings do not work", e);
    }
  }

  private static ApnsSigningKey key(String setting, PushConfig.Apns config) {
    String pem = Pem.text("athanor.push.apns.key", setting);
    required("topic", config.topic());
    try {
      return ApnsSigningKey.loadFromInputStream(
          new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)),
          required("team-id", config.teamId()),
          required("key-id", config.keyId()));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "athanor.push.apns.key: expected a PKCS 8 key in PEM as Apple hands it out", e);
    }
  }

  private static String required(String name, Optional<String> value) {
    return value.orElseThrow(
        () ->
            new IllegalArgumentException(
                "athanor.push.apns."
                    + name
                    + ": expected a value, since athanor.push.apns.key has one; got none"));
  }
}

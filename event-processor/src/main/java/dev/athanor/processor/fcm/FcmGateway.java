package dev.athanor.processor.fcm;

import dev.athanor.domain.readers.DeviceKind;
import dev.athanor.processor.push.PushConfig;
import dev.athanor.processor.push.PushConnection;
import dev.athanor.processor.push.PushGateway;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/// The way to Android devices: FCM HTTP v1 over HTTP/2. Configured by
/// `athanor.push.fcm.service-account`.
@ApplicationScoped
public class FcmGateway implements PushGateway {
  private final Vertx vertx;
  private final PushConfig config;
  private final @Nullable ServiceAccount account;

  /// Reads its settings; wrong ones are refused here.
  @Inject
  public FcmGateway(Vertx vertx, PushConfig config) {
    this.vertx = vertx;
    this.config = config;
    this.account =
        config
            .fcm()
            .serviceAccount()
            .map(setting -> ServiceAccount.read("athanor.push.fcm.service-account", setting))
            .orElse(null);
  }

  @Override
  public DeviceKind kind() {
    return DeviceKind.FCM;
  }

  @Override
  public boolean configured() {
    return account != null;
  }

  @Override
  public int connections() {
    return config.connections();
  }

  /// FCM allows a hundred streams on a connection.
  @Override
  public int window() {
    return Math.min(config.window(), 100);
  }

  @Override
  public PushConnection open() {
    if (account == null) {
      throw new IllegalStateException("athanor.push.fcm.service-account is not set");
    }
    return new FcmConnection(
        vertx, account, config.fcm().endpoint(), config.timeToLive(), FcmConnection.PATIENCE);
  }
}

package dev.athanor.domain.outbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Opens connections of their own, outside the pool, that hear of every event in the outbox: a pool
/// would give a listening connection to somebody else.
@Singleton
class DatabaseListener {
  private static final String CHANNEL = "athanor_outbox";

  private final Vertx vertx;
  private final String url;
  private final Optional<String> user;
  private final Optional<String> password;

  @Inject
  DatabaseListener(
      Vertx vertx,
      @ConfigProperty(name = "quarkus.datasource.reactive.url") String url,
      @ConfigProperty(name = "quarkus.datasource.username") Optional<String> user,
      @ConfigProperty(name = "quarkus.datasource.password") Optional<String> password) {
    this.vertx = vertx;
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /// Connects and listens.
  ///
  /// @param heard called with the place of every event that is committed from now on
  /// @param lost called once when the connection is gone, for whatever reason
  Future<PgConnection> listen(LongConsumer heard, Runnable lost) {
    PgConnectOptions options =
        PgConnectOptions.fromUri(
            url.startsWith("vertx-reactive:") ? url.substring("vertx-reactive:".length()) : url);
    user.ifPresent(options::setUser);
    password.ifPresent(options::setPassword);
    options.setCachePreparedStatements(true);
    return PgConnection.connect(vertx, options)
        .compose(
            connection -> {
              connection.closeHandler(_ -> lost.run());
              connection.notificationHandler(
                  notification -> heard.accept(Long.parseLong(notification.getPayload())));
              return connection.query("LISTEN " + CHANNEL).execute().map(connection);
            });
  }
}

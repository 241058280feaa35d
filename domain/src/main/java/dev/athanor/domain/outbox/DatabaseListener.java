package dev.athanor.domain.outbox;

import dev.athanor.domain.store.Database;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Owned;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.ServerSelf;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Opens connections of their own, outside the pool, that hear of every event in the outbox: a pool
/// would give a listening connection to somebody else.
@Singleton
class DatabaseListener {
  private static final String CHANNEL = "athanor_outbox";

  private final Vertx vertx;
  private final Database database;

  @Inject
  DatabaseListener(Vertx vertx, Database database) {
    this.vertx = vertx;
    this.database = database;
  }

  /// Connects and listens. The connection belongs to the process and is closed when that ends, a
  /// kill included: what the database ties to the connection, a lock above all, must not outlive
  /// its holder.
  ///
  /// @param owner the process
  /// @param heard called with the shard of every event that is committed from now on, once for many
  /// @param lost called once when the connection is gone before its owner
  Future<PgConnection> listen(ServerSelf<?> owner, IntConsumer heard, Consumer<PgConnection> lost) {
    Node node = owner.node();
    Pid<?> pid = owner.pid();
    return PgConnection.connect(vertx, database.connectOptions())
        .compose(
            connection -> {
              Owned property = (_, _) -> connection.close();
              if (!node.own(pid, property)) {
                return connection
                    .close()
                    .compose(_ -> Future.failedFuture(new IllegalStateException(pid + " is gone")));
              }
              connection.closeHandler(
                  _ -> {
                    if (node.disown(pid, property)) {
                      lost.accept(connection);
                    }
                  });
              connection.notificationHandler(
                  notification -> heard.accept(Integer.parseInt(notification.getPayload())));
              return connection.query("LISTEN " + CHANNEL).execute().map(connection);
            });
  }
}

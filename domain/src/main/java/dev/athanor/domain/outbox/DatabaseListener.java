package dev.athanor.domain.outbox;

import dev.athanor.domain.store.Database;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.process.Owned;
import dev.athanor.otp.process.Pid;
import dev.athanor.otp.server.ServerSelf;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Opens connections of their own, outside the pool, that hear of every event in the outbox: a pool
/// would give a listening connection to somebody else.
///
/// A connection whose other end is gone without a word looks like one on which nothing happens. So
/// both ends find out: the database is told to end the session, and its locks with it, when this
/// node has not answered its probes for about 11 s; and the processes here ask something of the
/// database regularly and give a connection up that does not answer within [#patience].
@Singleton
class DatabaseListener {
  /// How long a database may take to answer before the connection counts as dead: 10 s.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final String LISTEN =
      """
      LISTEN athanor_outbox;
      SET tcp_keepalives_idle = 5;
      SET tcp_keepalives_interval = 2;
      SET tcp_keepalives_count = 3;
      SET tcp_user_timeout = 10000;
      """;

  private final Vertx vertx;
  private final PgConnectOptions options;
  private final Duration patience;

  @Inject
  DatabaseListener(Vertx vertx, Database database) {
    this(vertx, database.connectOptions(), PATIENCE);
  }

  DatabaseListener(Vertx vertx, PgConnectOptions options, Duration patience) {
    this.vertx = vertx;
    this.options = options;
    this.patience = patience;
  }

  /// After how long without an answer a connection is to be given up.
  Duration patience() {
    return patience;
  }

  /// Connects and listens, or fails within [#patience]. The connection belongs to the process and
  /// is closed when that ends, a kill included: what the database ties to the connection, a lock
  /// above all, must not outlive its holder.
  ///
  /// @param owner the process
  /// @param heard called with the shard of every event that is committed from now on, once for many
  /// @param lost called once when the connection is gone before its owner
  Future<PgConnection> listen(ServerSelf<?> owner, IntConsumer heard, Consumer<PgConnection> lost) {
    Promise<PgConnection> listening = Promise.promise();
    long timer =
        vertx.setTimer(
            patience.toMillis(),
            _ ->
                listening.tryFail(
                    new TimeoutException("The database has not answered within " + patience)));
    listening.future().onComplete(_ -> vertx.cancelTimer(timer));
    PgConnection.connect(vertx, new PgConnectOptions(options))
        .onFailure(listening::tryFail)
        .onSuccess(connection -> listen(connection, owner, heard, lost, listening));
    return listening.future();
  }

  private static void listen(
      PgConnection connection,
      ServerSelf<?> owner,
      IntConsumer heard,
      Consumer<PgConnection> lost,
      Promise<PgConnection> listening) {
    Node node = owner.node();
    Pid<?> pid = owner.pid();
    Owned property = (_, _) -> connection.close();
    if (!node.own(pid, property)) {
      listening.tryFail(new IllegalStateException(pid + " is gone"));
    }
    connection.closeHandler(
        _ -> {
          if (node.disown(pid, property)) {
            lost.accept(connection);
          }
        });
    connection.notificationHandler(
        notification -> heard.accept(Integer.parseInt(notification.getPayload())));
    listening
        .future()
        .onFailure(
            _ -> {
              node.disown(pid, property);
              connection.close();
            });
    connection
        .query(LISTEN)
        .execute()
        .onSuccess(_ -> listening.tryComplete(connection))
        .onFailure(listening::tryFail);
  }
}

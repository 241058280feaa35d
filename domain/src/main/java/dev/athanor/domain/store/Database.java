package dev.athanor.domain.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The database of this deployment, besides the transactions of [Store]: where it is, clients for
/// short reads, single statements.
@Singleton
public class Database {
  /// Where the transport can set it; elsewhere the operating system's own, two hours as a rule.
  private static final int KEEPALIVE_IDLE_SECONDS = 10;

  private final Vertx vertx;
  private final Pool pool;
  private final PgConnectOptions options;

  /// By event loop.
  private final ConcurrentMap<Object, SqlClient> readers = new ConcurrentHashMap<>();

  @Inject
  Database(
      Vertx vertx,
      Pool pool,
      @ConfigProperty(name = "quarkus.datasource.reactive.url") String url,
      @ConfigProperty(name = "quarkus.datasource.username") Optional<String> user,
      @ConfigProperty(name = "quarkus.datasource.password") Optional<String> password) {
    this.vertx = vertx;
    this.pool = pool;
    this.options =
        PgConnectOptions.fromUri(
            url.startsWith("vertx-reactive:") ? url.substring("vertx-reactive:".length()) : url);
    user.ifPresent(options::setUser);
    password.ifPresent(options::setPassword);
    options
        .setCachePreparedStatements(true)
        .setTcpKeepAlive(true)
        .setTcpKeepAliveIdleSeconds(KEEPALIVE_IDLE_SECONDS);
  }

  /// How to connect, for whoever needs a connection of its own.
  public PgConnectOptions connectOptions() {
    return new PgConnectOptions(options);
  }

  /// Runs single statements. Every event loop has one connection for them, on which they are sent
  /// without waiting for the answers before (pipelining): no statement changes threads, and many
  /// share a packet. One that takes long holds up those behind it, so only short reads belong here.
  /// From a thread that is no event loop, any of them serves.
  public SqlClient reads() {
    Context context = vertx.getOrCreateContext();
    Object loop = ((ContextInternal) context).nettyEventLoop();
    SqlClient client = readers.get(loop);
    return client == null ? readers.computeIfAbsent(loop, _ -> connect()) : client;
  }

  /// Runs one such statement; any thread. The Uni starts it anew for each subscription.
  public Uni<RowSet<Row>> read(String sql, Tuple parameters) {
    return execute(reads(), sql, parameters);
  }

  /// Runs one statement of any other sort on a connection of the pool; any thread. The Uni starts
  /// it anew for each subscription.
  public Uni<RowSet<Row>> query(String sql, Tuple parameters) {
    return execute(pool, sql, parameters);
  }

  private static Uni<RowSet<Row>> execute(SqlClient client, String sql, Tuple parameters) {
    return Uni.createFrom()
        .completionStage(() -> client.preparedQuery(sql).execute(parameters).toCompletionStage());
  }

  private SqlClient connect() {
    return PgBuilder.client()
        .with(new PoolOptions().setMaxSize(1))
        .connectingTo(connectOptions())
        .using(vertx)
        .build();
  }

  @PreDestroy
  void close() {
    readers.values().forEach(SqlClient::close);
  }
}

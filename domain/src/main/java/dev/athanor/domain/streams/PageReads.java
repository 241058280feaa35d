package dev.athanor.domain.streams;

import dev.athanor.domain.store.Database;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Reads pages of streams. Whoever asks while two statements of the same event loop are under way
/// waits for one of them, and then travels together with all others who came meanwhile, in one
/// statement: the busier the server, the less a page costs. Two, so that the database works on one
/// while the server takes the other apart. A page that is alone is read at once. Any thread.
@Singleton
class PageReads {
  /// The inner selection is made anew for each row of the outer, in its order.
  private static final String PAGES =
      """
      SELECT wanted.number::integer, place.json
      FROM unnest($1::integer[], $2::timestamptz[], $3::uuid[], $4::integer[])
        WITH ORDINALITY AS wanted(stream_id, published_at, post_id, most, number)
      CROSS JOIN LATERAL (
        SELECT json FROM post_stream
        WHERE stream_id = wanted.stream_id
          AND (published_at, post_id) < (wanted.published_at, wanted.post_id)
        ORDER BY published_at DESC, post_id DESC
        LIMIT wanted.most) place
      """;

  /// Pages in one statement; a hundred posts each make it some megabytes at most.
  private static final int LARGEST_BATCH = 32;

  /// Statements of one connection.
  private static final int MOST_UNDER_WAY = 2;

  private final Vertx vertx;
  private final Database database;
  private final ConcurrentMap<SqlClient, Line> lines = new ConcurrentHashMap<>();

  @Inject
  PageReads(Vertx vertx, Database database) {
    this.vertx = vertx;
    this.database = database;
  }

  /// The posts, encoded, that come after a place; newest first.
  ///
  /// @param most how many at most
  CompletionStage<List<Buffer>> read(int stream, Cursor from, int most) {
    Wanted wanted = new Wanted(stream, from, most);
    lines.computeIfAbsent(database.reads(), Line::new).join(wanted, vertx.getOrCreateContext());
    return wanted.posts;
  }

  private static final class Wanted {
    final int stream;
    final Cursor from;
    final int most;
    final List<Buffer> found = new ArrayList<>();
    final CompletableFuture<List<Buffer>> posts = new CompletableFuture<>();

    Wanted(int stream, Cursor from, int most) {
      this.stream = stream;
      this.from = from;
      this.most = most;
    }
  }

  /// Those who wait for one connection.
  private static final class Line {
    private final SqlClient connection;

    /// Guarded by this object's lock.
    private final ArrayDeque<Wanted> waiting = new ArrayDeque<>();

    /// Whether a statement is about to leave; guarded by this object's lock.
    private boolean leaving;

    /// Statements; guarded by this object's lock.
    private int underWay;

    Line(SqlClient connection) {
      this.connection = connection;
    }

    /// The statement leaves after the task of the event loop in which the first one came, so that
    /// requests that arrived together are read together.
    void join(Wanted wanted, Context context) {
      synchronized (this) {
        waiting.add(wanted);
        if (leaving || underWay == MOST_UNDER_WAY) {
          return;
        }
        leaving = true;
      }
      context.runOnContext(now -> depart());
    }

    private void depart() {
      List<Wanted> batch = new ArrayList<>();
      synchronized (this) {
        leaving = false;
        while (batch.size() < LARGEST_BATCH && !waiting.isEmpty()) {
          batch.add(waiting.remove());
        }
        if (batch.isEmpty()) {
          return;
        }
        underWay++;
      }
      connection
          .preparedQuery(PAGES)
          .execute(
              Tuple.of(
                  column(batch, Integer[]::new, wanted -> wanted.stream),
                  column(
                      batch,
                      OffsetDateTime[]::new,
                      wanted -> wanted.from.publishedAt().atOffset(ZoneOffset.UTC)),
                  column(batch, UUID[]::new, wanted -> wanted.from.postId()),
                  column(batch, Integer[]::new, wanted -> wanted.most)))
          .onComplete(
              answer -> {
                synchronized (this) {
                  underWay--;
                }
                depart();
                arrive(batch, answer.succeeded() ? answer.result() : null, answer.cause());
              });
    }

    private static void arrive(
        List<Wanted> batch, @Nullable RowSet<Row> rows, @Nullable Throwable failure) {
      if (rows == null) {
        batch.forEach(wanted -> wanted.posts.completeExceptionally(failure));
        return;
      }
      for (Row row : rows) {
        batch.get(row.getInteger(0) - 1).found.add(row.getBuffer(1));
      }
      batch.forEach(wanted -> wanted.posts.complete(wanted.found));
    }

    private static <T> T[] column(
        List<Wanted> batch, IntFunction<T[]> array, Function<Wanted, T> value) {
      return batch.stream().map(value).toArray(array);
    }
  }
}

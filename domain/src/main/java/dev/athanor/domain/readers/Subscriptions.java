package dev.athanor.domain.readers;

import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.store.Database;
import dev.athanor.domain.streams.Stream;
import dev.athanor.domain.streams.StreamKind;
import dev.athanor.domain.streams.Streams;
import dev.athanor.domain.streams.UnknownStream;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Which reader follows which stream; it decides who gets a push. Any thread; nothing blocks.
@ApplicationScoped
public class Subscriptions {
  /// How many streams a reader may follow.
  public static final int MOST = 500;

  /// Counts first, so that a reader cannot fill the table; two requests at once may pass together,
  /// which is no harm.
  private static final String ADD =
      """
      INSERT INTO subscription (stream_id, reader_id)
      SELECT id, $1 FROM stream WHERE slug = $2
        AND (SELECT count(*) FROM subscription WHERE reader_id = $1) < $3
      ON CONFLICT DO NOTHING
      """;

  /// Whether there is no room for the stream. Who is told that nothing was added, and finds room
  /// and no subscription, has left the stream meanwhile in another window.
  private static final String FULL =
      """
      SELECT NOT EXISTS (SELECT FROM subscription JOIN stream ON stream.id = stream_id
                         WHERE reader_id = $1 AND slug = $2)
        AND (SELECT count(*) FROM subscription WHERE reader_id = $1) >= $3
      """;

  private static final String REMOVE =
      """
      DELETE FROM subscription USING stream
      WHERE stream.id = stream_id AND slug = $2 AND reader_id = $1
      """;

  private static final String LIST =
      """
      SELECT slug, name, kind FROM subscription JOIN stream ON stream.id = stream_id
      WHERE reader_id = $1 ORDER BY name, slug
      """;

  private final Database database;
  private final Streams streams;

  @Inject
  Subscriptions(Database database, Streams streams) {
    this.database = database;
    this.streams = streams;
  }

  /// Lets the reader follow the stream; again is no change. Fails with [UnknownStream], and with
  /// [Refused] at the limit of 500.
  public Uni<Void> follow(UUID reader, String slug) {
    return known(slug)
        .chain(() -> database.query(ADD, Tuple.of(reader, slug, MOST)))
        .chain(added -> added.rowCount() > 0 ? Uni.createFrom().voidItem() : why(reader, slug));
  }

  /// Ends that the reader follows the stream; again is no change. Fails with [UnknownStream].
  public Uni<Void> leave(UUID reader, String slug) {
    return known(slug)
        .chain(() -> database.query(REMOVE, Tuple.of(reader, slug)))
        .replaceWithVoid();
  }

  /// The streams the reader follows, by name.
  public Uni<List<Stream>> of(UUID reader) {
    return database
        .query(LIST, Tuple.of(reader))
        .map(
            rows -> {
              List<Stream> found = new ArrayList<>(rows.size());
              for (Row row : rows) {
                found.add(
                    new Stream(
                        row.getString(0),
                        row.getString(1),
                        StreamKind.ofWireName(row.getString(2))));
              }
              return found;
            });
  }

  private Uni<Void> known(String slug) {
    return streams
        .find(slug)
        .map(
            stream -> {
              if (stream == null) {
                throw new UnknownStream(slug);
              }
              return null;
            });
  }

  private Uni<Void> why(UUID reader, String slug) {
    return database
        .query(FULL, Tuple.of(reader, slug, MOST))
        .map(
            rows -> {
              if (rows.iterator().next().getBoolean(0)) {
                throw new Refused(
                    Problem.of(
                        422,
                        "too-many-subscriptions",
                        "These are too many streams",
                        "Expected at most " + MOST + " streams to follow, got one more."));
              }
              return null;
            });
  }
}

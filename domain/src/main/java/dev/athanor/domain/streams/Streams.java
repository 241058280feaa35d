package dev.athanor.domain.streams;

import dev.athanor.domain.store.Database;
import dev.athanor.domain.store.Store;
import dev.athanor.domain.store.UnitOfWork;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import dev.athanor.domain.validation.Text;
import dev.athanor.otp.process.Name;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The streams of the platform and their pages. Every method may be called from any thread and
/// never blocks it; a failed database reaches the caller as the Uni's failure.
@ApplicationScoped
public class Streams {
  /// The largest page, and the largest result of a search.
  public static final int LARGEST_PAGE = 100;

  private static final int LONGEST_NAME = 200;

  private static final String ID = "SELECT id FROM stream WHERE slug = $1";

  private static final String FIND = "SELECT slug, name, kind FROM stream WHERE slug = $1";

  private static final String SEARCH =
      """
      SELECT slug, name, kind FROM stream
      WHERE ($1 = '' AND $3 = '')
        OR ($1 <> '' AND (strpos(search, $1) > 0 OR strpos(slug, $1) > 0))
        OR ($3 <> '' AND strpos(lower(name), $3) > 0)
      ORDER BY NOT starts_with(search, $1), name, slug
      LIMIT $2
      """;

  /// Longer or shorter ones are never near.
  private static final String SIMILAR = "SELECT slug FROM stream WHERE abs(length(slug) - $1) <= 4";

  private static final String UPSERT =
      """
      INSERT INTO stream (slug, name, kind, search)
      SELECT s.slug, s.name, s.kind, s.search
      FROM jsonb_to_recordset(CAST(CAST(:streams AS text) AS jsonb))
        AS s(slug text, name text, kind text, search text)
      ORDER BY s.slug
      ON CONFLICT (slug) DO NOTHING
      """;

  private final Store store;
  private final Database database;
  private final PageReads pages;

  /// Streams are never deleted nor renamed, so an id once seen holds for good.
  private final ConcurrentMap<String, Integer> ids = new ConcurrentHashMap<>();

  @Inject
  Streams(Store store, Database database, PageReads pages) {
    this.store = store;
    this.database = database;
    this.pages = pages;
  }

  /// The streams whose name or slug contains the query, ignoring case and, in Latin letters,
  /// accents; those that start with it first, then by name. An empty query lists all in order of
  /// name.
  ///
  /// @param limit 1 to 100, else an `IllegalArgumentException`
  public Uni<List<Stream>> search(String query, int limit) {
    checkLimit(limit);
    String line = Text.normalizeLine(query);
    String words = line == null ? "" : line.toLowerCase(Locale.ROOT);
    return database
        .query(SEARCH, Tuple.of(Slug.of(query), limit, words))
        .map(
            rows -> {
              List<Stream> found = new ArrayList<>(rows.size());
              rows.forEach(row -> found.add(stream(row)));
              return found;
            });
  }

  /// The stream of that slug, or null.
  public Uni<@Nullable Stream> find(String slug) {
    if (!Slug.isValid(slug)) {
      return Uni.createFrom().nullItem();
    }
    return database
        .read(FIND, Tuple.of(slug))
        .map(rows -> rows.size() == 0 ? null : stream(rows.iterator().next()));
  }

  /// Creates a stream, or gives back the one that has the slug already (its name and kind stay as
  /// they are), so that an import may be repeated. A null slug is made from the name; a bad slug or
  /// name is an `InvalidContent`.
  public Uni<Stream> create(@Nullable String slug, String name, StreamKind kind) {
    Stream stream;
    try {
      stream = valid(slug, name, kind);
    } catch (InvalidContent e) {
      return Uni.createFrom().failure(e);
    }
    return store
        .<Void>write(unit -> upsert(unit, List.of(stream)))
        .chain(() -> find(stream.slug()))
        .onItem()
        .ifNull()
        .failWith(() -> new IllegalStateException("the stream " + stream.slug() + " is gone"));
  }

  /// A page of the stream: at most `limit` posts (1 to 100, else an `IllegalArgumentException`),
  /// newest first, after the place of the cursor. One index scan. Fails with
  /// [UnknownStream].
  public Uni<StreamPage> page(String slug, int limit, @Nullable Cursor before) {
    checkLimit(limit);
    if (!Slug.isValid(slug)) {
      return Uni.createFrom().failure(new UnknownStream(slug));
    }
    Cursor from = before == null ? Cursor.TOP : before;
    return id(slug)
        .chain(
            stream ->
                Uni.createFrom()
                    .completionStage(() -> pages.read(stream, from, limit + 1))
                    .map(posts -> toPage(posts, limit)));
  }

  /// Stores the streams that are not there yet, within a transaction of the caller's.
  public Uni<Void> upsert(UnitOfWork unit, Collection<Stream> streams) {
    JsonArray rows = new JsonArray();
    Map<String, Stream> distinct = new LinkedHashMap<>();
    streams.forEach(stream -> distinct.putIfAbsent(stream.slug(), stream));
    for (Stream stream : distinct.values()) {
      rows.add(
          new io.vertx.core.json.JsonObject()
              .put("slug", stream.slug())
              .put("name", stream.name())
              .put("kind", stream.kind().wireName())
              .put("search", Slug.of(stream.name())));
    }
    return unit.session()
        .createNativeQuery(UPSERT)
        .setParameter("streams", rows.encode())
        .executeUpdate()
        .replaceWithVoid();
  }

  /// The database's ids of these slugs, within a transaction of the caller's; unknown ones are left
  /// out.
  public Uni<Map<String, Integer>> ids(UnitOfWork unit, Collection<String> slugs) {
    Map<String, Integer> found = new HashMap<>();
    List<String> missing = new ArrayList<>();
    for (String slug : slugs) {
      Integer id = ids.get(slug);
      if (id != null) {
        found.put(slug, id);
      } else if (Slug.isValid(slug)) {
        missing.add(slug);
      }
    }
    if (missing.isEmpty()) {
      return Uni.createFrom().item(found);
    }
    return unit.session()
        .createQuery("from Stream where slug in :slugs", StreamEntity.class)
        .setParameter("slugs", missing)
        .getResultList()
        .map(
            entities -> {
              for (StreamEntity entity : entities) {
                found.put(entity.slug, entity.id);
              }
              unit.afterCommit(() -> entities.forEach(e -> ids.put(e.slug, e.id)));
              return found;
            });
  }

  /// The slug nearest to one that is unknown, or null when none comes near ([Name#nearest]).
  public Uni<@Nullable String> didYouMean(String slug) {
    return database
        .query(SIMILAR, Tuple.of(slug.length()))
        .map(
            rows -> {
              List<String> slugs = new ArrayList<>(rows.size());
              rows.forEach(row -> slugs.add(row.getString(0)));
              return Name.nearest(slug, slugs);
            });
  }

  private Uni<Integer> id(String slug) {
    Integer known = ids.get(slug);
    if (known != null) {
      return Uni.createFrom().item(known);
    }
    return database
        .read(ID, Tuple.of(slug))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw new UnknownStream(slug);
              }
              Integer id = rows.iterator().next().getInteger(0);
              ids.put(slug, id);
              return id;
            });
  }

  private static StreamPage toPage(List<Buffer> found, int limit) {
    boolean more = found.size() > limit;
    List<Buffer> posts = more ? found.subList(0, limit) : found;
    int length = 2 + Math.max(0, posts.size() - 1);
    for (Buffer json : posts) {
      length += json.length();
    }
    byte[] array = new byte[length];
    array[0] = '[';
    int at = 1;
    for (Buffer json : posts) {
      if (at > 1) {
        array[at++] = ',';
      }
      json.getBytes(array, at);
      at += json.length();
    }
    array[at] = ']';
    return new StreamPage(array, posts.size(), more ? Cursor.of(posts.getLast().getBytes()) : null);
  }

  private static Stream stream(Row row) {
    return new Stream(row.getString(0), row.getString(1), StreamKind.ofWireName(row.getString(2)));
  }

  private static Stream valid(@Nullable String slug, String name, StreamKind kind) {
    List<FieldError> errors = new ArrayList<>();
    String line = Text.normalizeLine(name);
    String trimmed = line == null ? "" : line;
    if (trimmed.isEmpty() || trimmed.length() > LONGEST_NAME) {
      errors.add(
          new FieldError(
              "name",
              "1 to " + LONGEST_NAME + " characters",
              trimmed.isEmpty() ? "nothing" : trimmed.length() + " characters"));
    }
    String address = slug == null || slug.isBlank() ? Slug.of(trimmed) : slug.strip();
    if (!Slug.isValid(address) && errors.isEmpty()) {
      errors.add(
          new FieldError(
              "slug",
              "lower-case ASCII letters and digits joined by single hyphens, at most "
                  + Slug.LONGEST
                  + " characters",
              address.isEmpty() ? "nothing" : FieldError.quote(address)));
    }
    if (!errors.isEmpty()) {
      throw new InvalidContent(errors);
    }
    return new Stream(address, trimmed, kind);
  }

  private static void checkLimit(int limit) {
    if (limit < 1 || limit > LARGEST_PAGE) {
      throw new IllegalArgumentException(
          "expected a limit of 1 to " + LARGEST_PAGE + ", got " + limit);
    }
  }
}

package dev.athanor.domain.content;

import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.domain.outbox.Outbox;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.store.Database;
import dev.athanor.domain.store.Store;
import dev.athanor.domain.store.UnitOfWork;
import dev.athanor.domain.streams.Cursor;
import dev.athanor.domain.streams.Streams;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.LockMode;
import org.jspecify.annotations.Nullable;

/// The editors' use cases on posts. Each is one transaction: the post, its places on streams and
/// its event are stored together or not at all. Every method may be called from any thread and
/// never blocks it. What breaks the rules is an `InvalidContent` with all errors; a failed database
/// is the Uni's failure, and nothing is stored.
@ApplicationScoped
public class Posts {
  /// The largest page of the desk.
  public static final int LARGEST_PAGE = 100;

  private static final String PLACE =
      """
      INSERT INTO post_stream (stream_id, published_at, post_id, json)
      SELECT id, CAST(CAST(:at AS text) AS timestamptz), CAST(CAST(:post AS text) AS uuid),
             convert_to(:json, 'UTF8')
      FROM stream WHERE slug = ANY (string_to_array(:slugs, ' '))
      """;

  private static final String DISPLACE = "DELETE FROM post_stream WHERE post_id = :post";

  private final Store store;
  private final Database database;
  private final Streams streams;
  private final Outbox outbox;
  private final Clock clock;

  @Inject
  Posts(Store store, Database database, Streams streams, Outbox outbox) {
    this(store, database, streams, outbox, Clock.systemUTC());
  }

  Posts(Store store, Database database, Streams streams, Outbox outbox, Clock clock) {
    this.store = store;
    this.database = database;
    this.streams = streams;
    this.outbox = outbox;
    this.clock = clock;
  }

  /// Checks the draft through its type's pipeline and stores it, published when it says so. When
  /// the Uni is answered the post is committed and this node's stream versions have moved.
  public Uni<Post> create(Draft draft) {
    return store.write(unit -> create(unit, draft));
  }

  /// The same within a transaction of the caller's.
  public Uni<Post> create(UnitOfWork unit, Draft draft) {
    ContentPipeline.Outcome outcome = ContentPipeline.run(draft);
    return checkedStreams(unit, outcome)
        .chain(
            () -> {
              Instant now = now();
              Post post = post(PostIds.next(now), outcome, draft, null, now);
              PostEntity entity = new PostEntity();
              entity.id = post.id();
              String json = entity.set(post, now);
              Uni<Void> stored = unit.session().persist(entity).chain(unit.session()::flush);
              return (post.status() == PostStatus.PUBLISHED
                      ? stored
                          .chain(() -> place(unit, post, json))
                          .chain(() -> first(unit, post, json))
                      : stored)
                  .replaceWith(post);
            });
  }

  /// Changes a post; an unknown or withdrawn one is [Refused].
  public Uni<Post> change(UUID id, PostChange change) {
    return store.write(
        unit ->
            locked(unit, id)
                .chain(
                    entity -> {
                      if (entity == null || entity.toPost().status() == PostStatus.WITHDRAWN) {
                        return Uni.createFrom().<Post>failure(unknown(id));
                      }
                      return change(unit, entity, change);
                    }));
  }

  /// Takes a post off all its streams for good; an unknown one is [Refused], one that is
  /// withdrawn already is given back as it is.
  public Uni<Post> withdraw(UUID id) {
    return store.write(
        unit ->
            locked(unit, id)
                .chain(
                    entity ->
                        entity == null
                            ? Uni.createFrom().<Post>failure(unknown(id))
                            : withdraw(unit, entity)));
  }

  private static Refused unknown(UUID id) {
    return new Refused(Problem.unknownPost(id.toString()));
  }

  /// The post of that id in whatever status, or null.
  public Uni<@Nullable Post> find(UUID id) {
    return store.read(
        session ->
            session
                .find(PostEntity.class, id)
                .<@Nullable Post>map(entity -> entity == null ? null : entity.toPost()));
  }

  /// What [#create] would store, through the same checks; stores nothing.
  public Uni<Post> preview(Draft draft) {
    ContentPipeline.Outcome outcome = ContentPipeline.run(draft);
    return store
        .<Void>write(unit -> checkedStreams(unit, outcome))
        .map(
            _ -> {
              Instant now = now();
              return post(PostIds.next(now), outcome, draft, null, now);
            });
  }

  /// A page of the desk: drafts by their last change, others by publication, latest first.
  ///
  /// @param limit 1 to 100, else an `IllegalArgumentException`
  public Uni<DeskPage> desk(PostStatus status, int limit, @Nullable Cursor before) {
    if (limit < 1 || limit > LARGEST_PAGE) {
      throw new IllegalArgumentException(
          "expected a limit of 1 to " + LARGEST_PAGE + ", got " + limit);
    }
    Cursor from = before == null ? Cursor.TOP : before;
    Tuple parameters =
        Tuple.of(
            status.name().toLowerCase(Locale.ROOT),
            from.publishedAt().atOffset(ZoneOffset.UTC),
            from.postId(),
            limit + 1);
    String moment = status == PostStatus.DRAFT ? "updated_at" : "published_at";
    return database.read(deskBy(moment), parameters).map(rows -> deskPage(rows, moment, limit));
  }

  private static String deskBy(String moment) {
    return """
    SELECT id, type, status, title, summary, body, url, breaking, streams, published_at,
      updated_at
    FROM post
    WHERE status = $1 AND (%1$s, id) < ($2, $3)
    ORDER BY %1$s DESC, id DESC
    LIMIT $4
    """
        .formatted(moment);
  }

  private static DeskPage deskPage(RowSet<Row> rows, String moment, int limit) {
    List<Post> posts = new ArrayList<>();
    Row last = null;
    for (Row row : rows) {
      if (posts.size() == limit) {
        break;
      }
      posts.add(PostEntity.toPost(row));
      last = row;
    }
    boolean more = rows.size() > limit;
    return new DeskPage(
        posts,
        more && last != null
            ? new Cursor(last.getOffsetDateTime(moment).toInstant(), last.getUUID("id"))
            : null);
  }

  private Uni<Post> change(UnitOfWork unit, PostEntity entity, PostChange change) {
    Post current = entity.toPost();
    boolean published = current.status() == PostStatus.PUBLISHED;
    Boolean publish = change.publish().over(published);
    if (published && !Boolean.TRUE.equals(publish)) {
      return Uni.createFrom()
          .failure(
              InvalidContent.of(
                  "publish", "true for a published post (DELETE withdraws it)", "" + publish));
    }
    List<String> streams = change.streams().over(current.streams());
    Draft draft =
        new Draft(
            change.type().over(current.type().wireName()),
            change.title().over(current.title()),
            change.summary().over(current.summary()),
            change.body().over(current.body()),
            change.url().over(current.url()),
            streams == null ? List.of() : streams,
            Boolean.TRUE.equals(change.breaking().over(current.breaking())),
            Boolean.TRUE.equals(publish));
    ContentPipeline.Outcome outcome = ContentPipeline.run(draft);
    return checkedStreams(unit, outcome)
        .chain(
            () -> {
              Instant now = now();
              Post changed = post(current.id(), outcome, draft, current.publishedAt(), now);
              if (changed.equals(current)) {
                return Uni.createFrom().item(current);
              }
              String json = entity.set(changed, now);
              return unit.session()
                  .flush()
                  .chain(() -> published(unit, current, changed, json))
                  .replaceWith(changed);
            });
  }

  /// Brings a changed post's places and events in line with it.
  private Uni<Void> published(UnitOfWork unit, Post current, Post changed, String json) {
    if (changed.status() != PostStatus.PUBLISHED) {
      return Uni.createFrom().voidItem();
    }
    if (current.status() == PostStatus.DRAFT) {
      return place(unit, changed, json).chain(() -> first(unit, changed, json));
    }
    Set<String> touched = new LinkedHashSet<>(changed.streams());
    touched.addAll(current.streams());
    return displace(unit, changed.id())
        .chain(() -> place(unit, changed, json))
        .chain(() -> append(unit, DomainEvent.POST_UPDATED, changed, json, List.copyOf(touched)))
        .chain(() -> alarm(unit, current.breaking(), changed, json));
  }

  private Uni<Void> first(UnitOfWork unit, Post post, String json) {
    return append(unit, DomainEvent.POST_PUBLISHED, post, json, post.streams())
        .chain(() -> alarm(unit, false, post, json));
  }

  private Uni<Void> alarm(UnitOfWork unit, boolean before, Post post, String json) {
    return post.breaking() && !before
        ? append(unit, DomainEvent.POST_BREAKING, post, json, post.streams())
        : Uni.createFrom().voidItem();
  }

  private Uni<Post> withdraw(UnitOfWork unit, PostEntity entity) {
    Post current = entity.toPost();
    if (current.status() == PostStatus.WITHDRAWN) {
      return Uni.createFrom().item(current);
    }
    Post gone =
        new Post(
            current.id(),
            current.type(),
            current.title(),
            current.summary(),
            current.body(),
            current.url(),
            current.breaking(),
            current.publishedAt(),
            current.streams(),
            PostStatus.WITHDRAWN);
    String json = entity.set(gone, now());
    Uni<Void> stored = unit.session().flush();
    if (current.status() == PostStatus.PUBLISHED) {
      stored =
          stored
              .chain(() -> displace(unit, gone.id()))
              .chain(() -> append(unit, DomainEvent.POST_WITHDRAWN, gone, json, gone.streams()));
    }
    return stored.replaceWith(gone);
  }

  private static Uni<PostEntity> locked(UnitOfWork unit, UUID id) {
    return unit.session().find(PostEntity.class, id, LockMode.PESSIMISTIC_WRITE);
  }

  /// Fails with all errors of the pipeline and, beside them, every slug that no stream has.
  private Uni<Void> checkedStreams(UnitOfWork unit, ContentPipeline.Outcome outcome) {
    List<String> slugs = outcome.content().streams;
    if (slugs.isEmpty() || outcome.errors().stream().anyMatch(e -> e.field().equals("streams"))) {
      return failIfAny(outcome.errors());
    }
    return streams
        .ids(unit, slugs)
        .chain(
            known -> {
              if (known.size() == slugs.size()) {
                return failIfAny(outcome.errors());
              }
              return unknownStreams(slugs, known)
                  .chain(
                      unknown -> {
                        List<FieldError> all = new ArrayList<>(outcome.errors());
                        all.addAll(unknown);
                        return failIfAny(all);
                      });
            });
  }

  private Uni<List<FieldError>> unknownStreams(List<String> slugs, Map<String, Integer> known) {
    Uni<List<FieldError>> errors = Uni.createFrom().item(ArrayList::new);
    for (int i = 0; i < slugs.size(); i++) {
      String slug = slugs.get(i);
      String field = "streams[" + i + "]";
      if (!known.containsKey(slug)) {
        errors =
            errors.chain(
                list ->
                    streams
                        .didYouMean(slug)
                        .map(
                            near -> {
                              String hint = near == null ? "" : " (did you mean \"" + near + "\"?)";
                              list.add(
                                  new FieldError(
                                      field,
                                      "the slug of a stream" + hint,
                                      FieldError.quote(slug)));
                              return list;
                            }));
      }
    }
    return errors;
  }

  private static Uni<Void> failIfAny(List<FieldError> errors) {
    return errors.isEmpty()
        ? Uni.createFrom().voidItem()
        : Uni.createFrom().failure(new InvalidContent(errors));
  }

  private static Post post(
      UUID id,
      ContentPipeline.Outcome outcome,
      Draft draft,
      @Nullable Instant publishedAt,
      Instant now) {
    ContentPipeline.Content content = outcome.content();
    return new Post(
        id,
        outcome.type().orElseThrow(),
        content.title == null ? "" : content.title,
        content.summary,
        content.body,
        content.address.map(WebAddress::text).orElse(null),
        draft.breaking(),
        !draft.publish() ? null : publishedAt == null ? now : publishedAt,
        content.streams,
        draft.publish() ? PostStatus.PUBLISHED : PostStatus.DRAFT);
  }

  private static Uni<Void> place(UnitOfWork unit, Post post, String json) {
    return unit.session()
        .createNativeQuery(PLACE)
        .setParameter("at", String.valueOf(post.publishedAt()))
        .setParameter("post", post.id().toString())
        .setParameter("slugs", String.join(" ", post.streams()))
        .setParameter("json", json)
        .executeUpdate()
        .replaceWithVoid();
  }

  private static Uni<Void> displace(UnitOfWork unit, UUID post) {
    return unit.session()
        .createNativeQuery(DISPLACE)
        .setParameter("post", post)
        .executeUpdate()
        .replaceWithVoid();
  }

  private Uni<Void> append(
      UnitOfWork unit, String type, Post post, String json, List<String> touched) {
    return outbox.append(unit, type, post.id().toString(), json, touched);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}

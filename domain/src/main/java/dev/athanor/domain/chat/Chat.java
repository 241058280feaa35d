package dev.athanor.domain.chat;

import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.domain.outbox.Outbox;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.store.Database;
import dev.athanor.domain.store.Store;
import dev.athanor.domain.store.UnitOfWork;
import dev.athanor.domain.validation.InvalidContent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What readers say about published stories. Messages are kept for good; who joins is shown the
/// last 50. Editors remove messages and ban nicknames for a time. What anybody does is an event
/// ([DomainEvent#CHAT_SAID], [DomainEvent#CHAT_REMOVED], [DomainEvent#CHAT_BANNED]), so that every
/// node tells its readers, whatever becomes of who did it.
///
/// Any thread; nothing blocks. Refusals are [InvalidContent] for what somebody typed, and [Refused]
/// with the kinds `unknown-post`, `banned` (403, with `until`) and `unknown-message`.
@ApplicationScoped
public class Chat {
  /// How many messages a newcomer is shown.
  public static final int HISTORY = 50;

  /// For how long a ban may be: 30 days.
  public static final Duration LONGEST_BAN = Duration.ofDays(30);

  private static final String STANDING =
      """
      SELECT status = 'published', (
        SELECT max(until) FROM chat_ban
        WHERE post_id = $1 AND until > now() AND (nickname = $2 OR reader_id = $3))
      FROM post WHERE id = $1
      """;

  private static final String ADD =
      """
      INSERT INTO chat_message (post_id, nickname, reader_id, words)
      SELECT id, :nickname, CAST(NULLIF(CAST(:reader AS text), '') AS uuid), :words
      FROM post
      WHERE id = CAST(CAST(:post AS text) AS uuid) AND status = 'published' AND NOT EXISTS (
        SELECT FROM chat_ban
        WHERE post_id = post.id AND until > now()
          AND (nickname = :key OR CAST(reader_id AS text) = :reader))
      RETURNING id, CAST(extract(epoch FROM written_at) * 1000000 AS bigint)
      """;

  private static final String LAST =
      """
      SELECT id, nickname, words, written_at FROM chat_message
      WHERE post_id = $1 AND removed_at IS NULL ORDER BY id DESC LIMIT 50
      """;

  private static final String AUTHOR =
      "SELECT post_id, nickname, reader_id FROM chat_message WHERE id = $1";

  private static final String REMOVE =
      """
      UPDATE chat_message SET removed_at = now() WHERE id = :id AND removed_at IS NULL
      """;

  private static final String BAN =
      """
      INSERT INTO chat_ban (post_id, nickname, reader_id, until)
      VALUES (CAST(CAST(:post AS text) AS uuid), :nickname,
              CAST(NULLIF(CAST(:reader AS text), '') AS uuid),
              CAST(CAST(:until AS text) AS timestamptz))
      ON CONFLICT (post_id, nickname) DO UPDATE
      SET until = excluded.until, reader_id = coalesce(excluded.reader_id, chat_ban.reader_id)
      """;

  private final Database database;
  private final Store store;
  private final Outbox outbox;

  @Inject
  Chat(Database database, Store store, Outbox outbox) {
    this.database = database;
    this.store = store;
    this.outbox = outbox;
  }

  /// Lets somebody in: the last messages of the story, the oldest first.
  ///
  /// @param nickname null for who only reads
  /// @param reader who showed a token; null for who showed none
  public Uni<List<ChatMessage>> enter(
      UUID story, @Nullable Nickname nickname, @Nullable UUID reader) {
    String key = nickname == null ? "" : nickname.key();
    return standing(story, key, reader).chain(() -> history(story));
  }

  /// Says something.
  ///
  /// @param typed 1 to 500 characters; blanks around are dropped
  public Uni<ChatMessage> say(UUID story, Nickname nickname, @Nullable UUID reader, String typed) {
    String text;
    try {
      text = Words.checked("text", typed, ChatMessage.LONGEST, true);
    } catch (InvalidContent invalid) {
      return Uni.createFrom().failure(invalid);
    }
    return store.write(unit -> say(unit, story, nickname, reader, text));
  }

  private Uni<ChatMessage> say(
      UnitOfWork unit, UUID story, Nickname nickname, @Nullable UUID reader, String text) {
    return unit.session()
        .createNativeQuery(ADD, Object[].class)
        .setParameter("post", story.toString())
        .setParameter("nickname", nickname.text())
        .setParameter("key", nickname.key())
        .setParameter("reader", reader == null ? "" : reader.toString())
        .setParameter("words", text)
        .getSingleResultOrNull()
        .chain(
            row -> {
              if (row == null) {
                return standing(story, nickname.key(), reader)
                    .chain(() -> Uni.createFrom().failure(new Refused(Problem.unexpected())));
              }
              Instant at = Instant.EPOCH.plus(((Number) row[1]).longValue(), ChronoUnit.MICROS);
              ChatMessage said =
                  new ChatMessage(((Number) row[0]).longValue(), story, nickname.text(), text, at);
              String told = new JsonObject(said.toJson()).encode();
              return outbox
                  .append(unit, DomainEvent.CHAT_SAID, story.toString(), told, List.of())
                  .replaceWith(said);
            });
  }

  /// Takes a message away from all readers; again is no change.
  public Uni<Void> remove(long message) {
    return author(message)
        .chain(
            author ->
                store.write(
                    unit ->
                        unit.session()
                            .createNativeQuery(REMOVE)
                            .setParameter("id", message)
                            .executeUpdate()
                            .chain(
                                removed ->
                                    removed == 0
                                        ? Uni.createFrom().voidItem()
                                        : outbox.append(
                                            unit,
                                            DomainEvent.CHAT_REMOVED,
                                            author.story().toString(),
                                            new JsonObject().put("id", message).encode(),
                                            List.of()))));
  }

  /// Who wrote a message.
  ///
  /// @param reader who showed a token; null for who showed none
  public record Author(UUID story, Nickname nickname, @Nullable UUID reader) {}

  /// Who wrote this message, removed or not.
  public Uni<Author> author(long message) {
    return database
        .query(AUTHOR, Tuple.of(message))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw new Refused(
                    Problem.of(
                        404,
                        "unknown-message",
                        "There is no such message",
                        "Expected the id of a message, got " + message + "."));
              }
              Row row = rows.iterator().next();
              return new Author(row.getUUID(0), new Nickname(row.getString(1)), row.getUUID(2));
            });
  }

  /// Lets somebody write nothing more about a story for a time, from now on; a new ban replaces the
  /// one before. Who is banned may still read.
  ///
  /// @param length more than nothing and at most 30 days
  /// @return until when
  public Uni<Instant> ban(Author author, Duration length) {
    if (length.isNegative() || length.isZero() || length.compareTo(LONGEST_BAN) > 0) {
      return Uni.createFrom()
          .failure(InvalidContent.of("minutes", "1 to 43200", "" + length.toMinutes()));
    }
    Instant until = Instant.now().plus(length);
    String reader = author.reader() == null ? "" : author.reader().toString();
    String told =
        new JsonObject()
            .put("nickname", author.nickname().text())
            .put("until", until.toString())
            .encode();
    return database
        .query("SELECT FROM post WHERE id = $1", Tuple.of(author.story()))
        .invoke(
            rows -> {
              if (rows.size() == 0) {
                throw new Refused(Problem.unknownPost(author.story().toString()));
              }
            })
        .chain(
            () ->
                store.write(
                    unit ->
                        unit.session()
                            .createNativeQuery(BAN)
                            .setParameter("post", author.story().toString())
                            .setParameter("nickname", author.nickname().key())
                            .setParameter("reader", reader)
                            .setParameter("until", until.toString())
                            .executeUpdate()
                            .chain(
                                () ->
                                    outbox.append(
                                        unit,
                                        DomainEvent.CHAT_BANNED,
                                        author.story().toString(),
                                        told,
                                        List.of()))))
        .replaceWith(until);
  }

  /// Fails when the story is not to be talked about, or not by this one.
  private Uni<Void> standing(UUID story, String key, @Nullable UUID reader) {
    return database
        .query(STANDING, Tuple.of(story, key, reader))
        .map(
            rows -> {
              Row row = rows.size() == 0 ? null : rows.iterator().next();
              if (row == null || !row.getBoolean(0)) {
                throw new Refused(Problem.unknownPost(story.toString()));
              }
              OffsetDateTime until = row.getOffsetDateTime(1);
              if (until != null) {
                throw new Refused(
                    Problem.of(
                            403,
                            "banned",
                            "You may not write here for a while",
                            "An editor has decided so, until " + until.toInstant() + ".")
                        .with("until", until.toInstant().toString()));
              }
              return null;
            });
  }

  private Uni<List<ChatMessage>> history(UUID story) {
    return database
        .query(LAST, Tuple.of(story))
        .map(
            rows -> {
              List<ChatMessage> last = new ArrayList<>(rows.size());
              for (Row row : rows) {
                last.add(
                    new ChatMessage(
                        row.getLong(0),
                        story,
                        row.getString(1),
                        row.getString(2),
                        instant(row, 3)));
              }
              return last.reversed();
            });
  }

  private static Instant instant(Row row, int column) {
    return row.getOffsetDateTime(column).toInstant();
  }
}

package dev.athanor.domain.outbox;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/// Something that has happened and is committed. Consumers get it through the channel
/// `@Incoming("events")` at least once; the id is the same each time, and is the key under which a
/// consumer remembers that the effect is done. Events of one key arrive in the order they happened.
///
/// @param id the event's identity
/// @param seq its place in the outbox, growing; the order of one key's events
/// @param type what happened: one of the constants here
/// @param key what it happened to: a post's id, a feed's id, a match's id
/// @param payload JSON; for the post events exactly the post as `PostJson` encodes it
/// @param streams every stream it touches. A stream that is here and not among the post's own
///   streams has lost the post
/// @param occurredAt when, by the database's clock
public record DomainEvent(
    UUID id,
    long seq,
    String type,
    String key,
    String payload,
    List<String> streams,
    Instant occurredAt) {
  /// A post is on its streams for the first time.
  public static final String POST_PUBLISHED = "post.published";

  /// A published post is breaking news from now on: it was published as such, or has become it. It
  /// comes after the event of the publication or the change.
  public static final String POST_BREAKING = "post.breaking";

  /// A published post has changed: its text, its type or its streams.
  public static final String POST_UPDATED = "post.updated";

  /// A published post is gone from all its streams.
  public static final String POST_WITHDRAWN = "post.withdrawn";

  /// A feed and its matches are stored; the payload is `{"id","speed","matches"}`.
  public static final String FEED_IMPORTED = "feed.imported";

  /// A moment of a match is published, in the same transaction as its post; the key is the match's
  /// id and the payload the match after it, as `MatchJson` encodes it. It touches no stream.
  public static final String MATCH_MOMENT = "match.moment";

  /// A reader said something about a story; the key is the story's id, the payload the message as
  /// `ChatMessage` encodes it.
  public static final String CHAT_SAID = "chat.said";

  /// An editor removed a message about a story; the key is the story's id, the payload `{"id"}`.
  public static final String CHAT_REMOVED = "chat.removed";

  /// An editor banned a nickname from the chat of a story; the key is the story's id, the payload
  /// `{"nickname","until"}`.
  public static final String CHAT_BANNED = "chat.banned";

  /// Refuses nulls.
  public DomainEvent {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(payload, "payload");
    streams = List.copyOf(streams);
    Objects.requireNonNull(occurredAt, "occurredAt");
  }

  /// Tells whether events of a type are about what is on streams: a publication, a change, a
  /// withdrawal.
  public static boolean isOfPost(String type) {
    return switch (type) {
      case POST_PUBLISHED, POST_UPDATED, POST_WITHDRAWN -> true;
      default -> false;
    };
  }
}

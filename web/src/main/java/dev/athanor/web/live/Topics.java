package dev.athanor.web.live;

/// The topics readers join and the events they get there. On streams and the front page an event's
/// payload is the post's JSON, the very bytes the API gives; on a match's topic it is the match as
/// `MatchJson` encodes it, and the event is the kind of its last moment.
public final class Topics {
  /// A stream's topic is this and its slug.
  public static final String STREAM = "stream:";

  /// Everything published, once, whatever streams it is on: what the front page joins.
  public static final String FRONT = "front:latest";

  /// A match's topic is this and its id.
  public static final String GAME = "game:";

  /// A reader's own topic is this and the reader's id.
  public static final String USER = "user:";

  /// A post is new on the topic.
  public static final String POST = "post";

  /// A post of the topic has changed.
  public static final String POST_UPDATED = "post_updated";

  /// A post is gone from the topic.
  public static final String POST_WITHDRAWN = "post_withdrawn";

  /// To a reader: a breaking story of a stream the reader follows.
  public static final String BREAKING = "breaking";

  /// To a reader: the reader follows a stream now, `{"slug"}`.
  public static final String FOLLOWED = "followed";

  /// To a reader: the reader has left a stream, `{"slug"}`.
  public static final String LEFT = "left";

  /// Where channels of readers hear of the breaking stories of a stream: this and its slug. No
  /// client can join it.
  static final String BREAKING_OF = "breaking:";

  /// What readers say about a story: this and the story's id.
  public static final String STORY = "story:";

  /// Somebody said something about the story.
  public static final String MESSAGE = "message";

  /// An editor removed a message.
  public static final String MESSAGE_REMOVED = "message_removed";

  /// An editor banned a nickname.
  public static final String BANNED = "banned";

  private Topics() {}
}

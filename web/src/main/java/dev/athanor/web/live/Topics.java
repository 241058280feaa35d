package dev.athanor.web.live;

/// The topics readers join and the events they get there. Each event's payload is the post's JSON,
/// the very bytes the API gives.
public final class Topics {
  /// A stream's topic is this and its slug.
  public static final String STREAM = "stream:";

  /// Everything published, once, whatever streams it is on: what the front page joins.
  public static final String FRONT = "front:latest";

  /// A post is new on the topic.
  public static final String POST = "post";

  /// A post of the topic has changed.
  public static final String POST_UPDATED = "post_updated";

  /// A post is gone from the topic.
  public static final String POST_WITHDRAWN = "post_withdrawn";

  private Topics() {}
}

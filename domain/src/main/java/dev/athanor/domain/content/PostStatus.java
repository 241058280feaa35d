package dev.athanor.domain.content;

/// Where a post is in its life. It only moves forward.
public enum PostStatus {
  /// Seen by editors only.
  DRAFT,
  /// On its streams.
  PUBLISHED,
  /// Gone, for good; kept for the record.
  WITHDRAWN
}

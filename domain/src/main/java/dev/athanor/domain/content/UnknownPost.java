package dev.athanor.domain.content;

import java.util.UUID;

/// An id that no post has, or whose post is withdrawn: the answer to the caller is "not found".
public final class UnknownPost extends RuntimeException {
  private final UUID id;

  UnknownPost(UUID id) {
    super("expected the id of a post that is not withdrawn, got " + id);
    this.id = id;
  }

  /// The id that was asked for.
  public UUID id() {
    return id;
  }
}

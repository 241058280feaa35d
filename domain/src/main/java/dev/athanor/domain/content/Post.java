package dev.athanor.domain.content;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A story as it stands: what its type's pipeline has let through. Its JSON is made by [PostJson]
/// alone.
///
/// @param id a time-ordered UUID (version 7)
/// @param type which pipeline it went through
/// @param title 1 to 300 characters, trimmed; a tweet's may be empty when it has a body
/// @param summary at most 1,000 characters, or null
/// @param body at most 200,000 characters, or null
/// @param url an http(s) address in canonical form, or null
/// @param breaking whether readers are told at once
/// @param publishedAt when it was published first, whole microseconds; null while a draft
/// @param streams the slugs of its streams, at most 20, in the editor's order; at least one once
///   published
/// @param status where it is in its life
public record Post(
    UUID id,
    PostType type,
    String title,
    @Nullable String summary,
    @Nullable String body,
    @Nullable String url,
    boolean breaking,
    @Nullable Instant publishedAt,
    List<String> streams,
    PostStatus status) {
  /// Refuses nulls where they are not declared.
  public Post {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(title, "title");
    streams = List.copyOf(streams);
    Objects.requireNonNull(status, "status");
  }
}

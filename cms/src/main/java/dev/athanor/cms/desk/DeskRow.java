package dev.athanor.cms.desk;

import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// A post on the desk.
///
/// @param post the post
public record DeskRow(Post post) {
  static final DateTimeFormatter WORDS =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /// The words to tell it by.
  public String headline() {
    String body = post.body();
    return post.title().isEmpty() && body != null ? body : post.title();
  }

  /// Its type's wire name.
  public String type() {
    return post.type().wireName();
  }

  /// Its status's wire name.
  public String status() {
    return post.status().name().toLowerCase(Locale.ROOT);
  }

  /// When it was published, or a word for a draft.
  public String when() {
    Instant at = post.publishedAt();
    return at == null ? "not published" : WORDS.format(at);
  }

  /// Whether readers see it.
  public boolean published() {
    return post.status() == PostStatus.PUBLISHED;
  }

  /// Whether it can be edited still.
  public boolean editable() {
    return post.status() != PostStatus.WITHDRAWN;
  }
}

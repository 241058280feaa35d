package dev.athanor.domain.content;

import io.vertx.sqlclient.Row;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A row of the table `post`.
@Entity(name = "Post")
@Table(name = "post")
class PostEntity {
  @Id UUID id = new UUID(0, 0);

  @Version @Nullable Integer version;

  @Column(nullable = false)
  String type = "";

  @Column(nullable = false)
  String status = "";

  @Column(nullable = false)
  String title = "";

  @Nullable String summary;
  @Nullable String body;
  @Nullable String url;

  @Column(nullable = false)
  boolean breaking;

  @Column(nullable = false)
  String[] streams = {};

  @Column(name = "published_at")
  @Nullable Instant publishedAt;

  /// Since when readers are to be told at once; null while they are not.
  @Column(name = "breaking_at")
  @Nullable Instant breakingAt;

  @Column(name = "updated_at", nullable = false)
  Instant updatedAt = Instant.EPOCH;

  Post toPost() {
    return new Post(
        id,
        PostType.ofWireName(type).orElseThrow(),
        title,
        summary,
        body,
        url,
        breaking,
        publishedAt,
        List.of(streams),
        PostStatus.valueOf(status.toUpperCase(Locale.ROOT)));
  }

  /// The post in a row with the columns of the table.
  static Post toPost(Row row) {
    OffsetDateTime publishedAt = row.getOffsetDateTime("published_at");
    return new Post(
        row.getUUID("id"),
        PostType.ofWireName(row.getString("type")).orElseThrow(),
        row.getString("title"),
        row.getString("summary"),
        row.getString("body"),
        row.getString("url"),
        row.getBoolean("breaking"),
        publishedAt == null ? null : publishedAt.toInstant(),
        List.of(row.getArrayOfStrings("streams")),
        PostStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)));
  }

  /// Takes over everything of the post but its id, and gives back its JSON.
  String set(Post post, Instant now) {
    type = post.type().wireName();
    status = post.status().name().toLowerCase(Locale.ROOT);
    title = post.title();
    summary = post.summary();
    body = post.body();
    url = post.url();
    breaking = post.breaking();
    streams = post.streams().toArray(String[]::new);
    publishedAt = post.publishedAt();
    updatedAt = now;
    boolean told = post.breaking() && post.status() == PostStatus.PUBLISHED;
    breakingAt = !told ? null : breakingAt == null ? now : breakingAt;
    return PostJson.encode(post);
  }
}

package dev.athanor.domain.streams;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Objects;
import java.util.UUID;

/// A place in a list of posts that is ordered newest first: between the post it names and the next
/// older one. It names a place by content, not by count, so publishing meanwhile neither repeats
/// nor skips a post. Its text is opaque to clients: base64url of 24 bytes (microseconds since 1970,
/// id).
///
/// @param publishedAt the named post's time, whole microseconds
/// @param postId the named post
public record Cursor(Instant publishedAt, UUID postId) {
  /// Where the first page starts: before every post.
  public static final Cursor TOP =
      new Cursor(Instant.parse("9999-01-01T00:00:00Z"), new UUID(-1, -1));

  private static final JsonFactory JSON = new JsonFactory();
  private static final int BYTES = 24;
  private static final int CHARACTERS = 32;

  /// Cuts the time to whole microseconds, PostgreSQL's precision.
  public Cursor {
    publishedAt = publishedAt.truncatedTo(ChronoUnit.MICROS);
    Objects.requireNonNull(postId, "postId");
  }

  /// The cursor of that text; anything that [#toString] does not make is a [BadCursor].
  public static Cursor parse(String text) {
    if (text.length() != CHARACTERS) {
      throw new BadCursor(text);
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      BadCursor bad = new BadCursor(text);
      bad.initCause(e);
      throw bad;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (bytes.length != BYTES) {
      throw new BadCursor(text);
    }
    Instant at = Instant.EPOCH.plus(buffer.getLong(), ChronoUnit.MICROS);
    if (at.isBefore(EARLIEST) || at.isAfter(LATEST)) {
      throw new BadCursor(text);
    }
    return new Cursor(at, new UUID(buffer.getLong(), buffer.getLong()));
  }

  /// The place of a post, read from the JSON it is stored with.
  static Cursor of(byte[] post) {
    String id = null;
    String publishedAt = null;
    try (JsonParser json = JSON.createParser(post)) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME && (id == null || publishedAt == null)) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "id" -> id = json.getText();
          case "published_at" -> publishedAt = json.getText();
          default -> json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("a stored post is no JSON", e);
    }
    return new Cursor(
        Instant.parse(Objects.requireNonNull(publishedAt, "published_at of a stored post")),
        UUID.fromString(Objects.requireNonNull(id, "id of a stored post")));
  }

  private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant LATEST = TOP.publishedAt();

  /// The opaque text: 32 characters of base64url.
  @Override
  public String toString() {
    byte[] bytes =
        ByteBuffer.allocate(BYTES)
            .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, publishedAt))
            .putLong(postId.getMostSignificantBits())
            .putLong(postId.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}

package dev.athanor.domain.content;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The one encoder of a post. Everything that leaves the platform as a post (API, pages, events,
/// channels) carries this JSON, and a published post is stored with it:
/// `{"id","type","title","summary","body","url","breaking","published_at","streams":[..]}`. All
/// fields are always there, null where there is nothing; `published_at` is ISO-8601 in UTC with six
/// digits of a second. Pure functions: any thread.
public final class PostJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private PostJson() {}

  /// The JSON of a post, without line breaks.
  public static String encode(Post post) {
    StringWriter text = new StringWriter(256 + length(post.body()) + length(post.summary()));
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("id", post.id().toString());
      json.writeStringField("type", post.type().wireName());
      json.writeStringField("title", post.title());
      json.writeStringField("summary", post.summary());
      json.writeStringField("body", post.body());
      json.writeStringField("url", post.url());
      json.writeBooleanField("breaking", post.breaking());
      json.writeStringField("published_at", timestamp(post.publishedAt()));
      json.writeArrayFieldStart("streams");
      for (String stream : post.streams()) {
        json.writeString(stream);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return text.toString();
  }

  /// The post of such JSON. Its status is published when it has a time, else draft. Text that
  /// [#encode] does not make is an `IllegalArgumentException`.
  public static Post decode(String json) {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      return read(parser);
    } catch (IOException e) {
      throw notAPost(e);
    }
  }

  /// The posts of a JSON array of such objects: what `StreamPage.posts()` gives.
  public static List<Post> decodePage(String json) {
    List<Post> posts = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new IllegalArgumentException(
            "expected an array of posts, got " + parser.currentToken());
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        posts.add(read(parser));
      }
    } catch (IOException e) {
      throw notAPost(e);
    }
    return posts;
  }

  private static Post read(JsonParser parser) throws IOException {
    Reading post = new Reading();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException("expected a post, got " + parser.currentToken());
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "id" -> post.id = UUID.fromString(parser.getText());
        case "type" -> post.type = type(parser.getText());
        case "title" -> post.title = parser.getText();
        case "summary" -> post.summary = parser.getValueAsString();
        case "body" -> post.body = parser.getValueAsString();
        case "url" -> post.url = parser.getValueAsString();
        case "breaking" -> post.breaking = parser.getBooleanValue();
        case "published_at" -> post.publishedAt = instant(parser.getValueAsString());
        case "streams" -> {
          while (parser.nextToken() == JsonToken.VALUE_STRING) {
            post.streams.add(parser.getText());
          }
        }
        default -> parser.skipChildren();
      }
    }
    return post.done();
  }

  /// The fields of a post while it is being read.
  private static final class Reading {
    @Nullable UUID id;
    @Nullable PostType type;
    @Nullable String title;
    @Nullable String summary;
    @Nullable String body;
    @Nullable String url;
    boolean breaking;
    @Nullable Instant publishedAt;
    final List<String> streams = new ArrayList<>();

    Post done() {
      if (id == null || type == null || title == null) {
        throw new IllegalArgumentException("expected a post with id, type and title");
      }
      PostStatus status = publishedAt == null ? PostStatus.DRAFT : PostStatus.PUBLISHED;
      return new Post(id, type, title, summary, body, url, breaking, publishedAt, streams, status);
    }
  }

  private static PostType type(String name) {
    return PostType.ofWireName(name)
        .orElseThrow(() -> new IllegalArgumentException("expected a post's type, got " + name));
  }

  private static @Nullable String timestamp(@Nullable Instant instant) {
    return instant == null ? null : MICROS.format(instant);
  }

  private static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  private static IllegalArgumentException notAPost(IOException cause) {
    return new IllegalArgumentException("expected the JSON of posts: " + cause.getMessage(), cause);
  }
}

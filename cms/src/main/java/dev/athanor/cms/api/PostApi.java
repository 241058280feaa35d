package dev.athanor.cms.api;

import dev.athanor.cms.Exchange;
import dev.athanor.domain.content.DeskPage;
import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Field;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostChange;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.content.PostStatus;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.input.JsonInput;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.streams.Cursor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Posts as programs handle them. A post is told as everywhere, with its `status` besides.
@ApplicationScoped
class PostApi {
  private static final String POSTS = "/api/cms/posts/";
  private static final long LARGEST_BODY = 1 << 20;
  private static final int DEFAULT_LIMIT = 20;
  private static final int LARGEST_LIMIT = 100;
  private static final Set<String> JSON = Set.of("application/json");
  private static final Set<String> PATCHES =
      Set.of("application/json", "application/merge-patch+json");
  private static final List<String> FIELDS =
      List.of("type", "title", "summary", "body", "url", "streams", "breaking", "publish");
  private static final Map<String, String> SET_HERE =
      Map.of(
          "id", "no id: the server makes it",
          "published_at", "no time: the server sets it when the post is published",
          "status", "no status: publish, or delete to withdraw");

  private final Posts posts;

  @Inject
  PostApi(Posts posts) {
    this.posts = posts;
  }

  void create(Exchange exchange) {
    media(exchange, JSON);
    exchange.body(
        LARGEST_BODY,
        body ->
            exchange.when(
                posts.create(draft(body.getBytes())),
                post -> {
                  exchange.context().response().putHeader("location", POSTS + post.id());
                  exchange.json(201, json(post));
                }));
  }

  void read(Exchange exchange, String text) {
    UUID id = id(text);
    exchange.when(
        posts.find(id),
        post -> {
          if (post == null) {
            throw new Refused(Problem.unknownPost(text));
          }
          exchange.json(200, json(post));
        });
  }

  void change(Exchange exchange, String text) {
    media(exchange, PATCHES);
    UUID id = id(text);
    exchange.body(
        LARGEST_BODY,
        body ->
            exchange.when(
                posts.change(id, change(body.getBytes())), post -> exchange.json(200, json(post))));
  }

  void withdraw(Exchange exchange, String text) {
    exchange.when(
        posts.withdraw(id(text)), _ -> exchange.context().response().setStatusCode(204).end());
    exchange.context().request().resume();
  }

  void list(Exchange exchange) {
    var query = exchange.query();
    PostStatus status = status(query.first("status"));
    String before = query.first("before");
    exchange.when(
        posts.desk(
            status, limit(query.first("limit")), before == null ? null : Cursor.parse(before)),
        page -> exchange.json(200, json(page)));
  }

  static Draft draft(byte[] json) {
    JsonInput input = JsonInput.read(json, FIELDS, SET_HERE);
    Draft draft =
        new Draft(
            input.text("type"),
            input.text("title"),
            input.text("summary"),
            input.text("body"),
            input.text("url"),
            input.texts("streams"),
            input.truth("breaking"),
            input.truth("publish"));
    input.check();
    return draft;
  }

  static PostChange change(byte[] json) {
    JsonInput input = JsonInput.read(json, FIELDS, SET_HERE);
    PostChange change =
        new PostChange(
            text(input, "type"),
            text(input, "title"),
            text(input, "summary"),
            text(input, "body"),
            text(input, "url"),
            input.has("streams") ? Field.of(input.texts("streams")) : Field.absent(),
            truth(input, "breaking"),
            truth(input, "publish"));
    input.check();
    return change;
  }

  /// The post's JSON with its status as the last member.
  static byte[] json(Post post) {
    return withStatus(post).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] json(DeskPage page) {
    StringJoiner data = new StringJoiner(",", "{\"data\":[", "],\"next\":");
    page.posts().forEach(post -> data.add(withStatus(post)));
    Cursor next = page.next();
    return (data + (next == null ? "null}" : "\"" + next + "\"}")).getBytes(StandardCharsets.UTF_8);
  }

  private static String withStatus(Post post) {
    String json = PostJson.encode(post);
    return json.substring(0, json.length() - 1)
        + ",\"status\":\""
        + post.status().name().toLowerCase(Locale.ROOT)
        + "\"}";
  }

  private static Field<String> text(JsonInput input, String field) {
    return input.has(field) ? Field.of(input.text(field)) : Field.absent();
  }

  private static Field<Boolean> truth(JsonInput input, String field) {
    return input.has(field) ? Field.of(input.truth(field)) : Field.absent();
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw new Refused(Problem.unknownPost(text));
    }
  }

  private static PostStatus status(@Nullable String text) {
    if (text == null) {
      return PostStatus.PUBLISHED;
    }
    return switch (text) {
      case "published" -> PostStatus.PUBLISHED;
      case "draft" -> PostStatus.DRAFT;
      case "withdrawn" -> PostStatus.WITHDRAWN;
      default ->
          throw new Refused(
              Problem.parameter("status", "one of published, draft, withdrawn", text));
    };
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (text.matches("[0-9]{1,3}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LARGEST_LIMIT) {
        return limit;
      }
    }
    throw new Refused(Problem.parameter("limit", "a whole number from 1 to 100", text));
  }

  static void media(Exchange exchange, Set<String> taken) {
    String got = exchange.mediaType();
    if (!taken.contains(got)) {
      throw new Refused(
          Problem.of(
              415,
              "unsupported-media-type",
              "The media type of the body is not one that is read here",
              "Expected "
                  + String.join(" or ", taken.stream().sorted().toList())
                  + ", got "
                  + (got.isEmpty() ? "none" : got)
                  + "."));
    }
  }
}

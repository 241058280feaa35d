package dev.athanor.web.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.content.PostStatus;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.http.QueryParameters;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.streams.Stream;
import dev.athanor.domain.streams.Streams;
import dev.athanor.domain.streams.UnknownStream;
import dev.athanor.web.Answers;
import dev.athanor.web.FirstPages;
import dev.athanor.web.FrontPosts;
import dev.athanor.web.KnownStreams;
import dev.athanor.web.PageRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The routes of the public JSON API. They are plain Vert.x routes that run on the event loop: the
/// posts of a stream are what readers ask for most, and go from the table to the socket without
/// being touched.
///
/// - `GET /api/streams?query=` → `{"data":[{"slug","name","kind"}]}`
/// - `GET /api/streams/{slug}` → `{"slug","name","kind"}`
/// - `GET /api/streams/{slug}/posts?limit=20&before=CURSOR` → `{"data":[post],"next":CURSOR}`
/// - `GET /api/posts?limit=20&before=CURSOR` → the same, across all streams
/// - `GET /api/posts/{id}` → the post
///
/// Refusals are problem details.
@ApplicationScoped
public class StreamApi {
  private static final String STREAMS = "/api/streams";
  private static final String POSTS = "/api/posts";
  private static final int SEARCH_LIMIT = 100;
  private static final JsonFactory JSON = new JsonFactory();

  /// Before the routes that know parameters, so that the busiest path is looked at first.
  private static final int EARLY = -100;

  private static final int LAST = 30_000;

  private final Streams streams;
  private final KnownStreams known;
  private final Posts posts;
  private final FirstPages firstPages;
  private final FrontPosts frontPosts;

  @Inject
  StreamApi(
      Streams streams,
      KnownStreams known,
      Posts posts,
      FirstPages firstPages,
      FrontPosts frontPosts) {
    this.streams = streams;
    this.known = known;
    this.posts = posts;
    this.firstPages = firstPages;
    this.frontPosts = frontPosts;
  }

  void routes(@Observes Router router) {
    router.route(STREAMS + "/*").order(EARLY).handler(guarded(this::streams));
    router.route(POSTS + "/*").order(EARLY).handler(guarded(this::posts));
    router.route("/api/*").order(LAST).handler(StreamApi::nothingHere);
  }

  private void streams(RoutingContext context) {
    String path = Answers.path(context);
    int start = STREAMS.length() + 1;
    if (path.length() <= start) {
      search(context);
      return;
    }
    int slash = path.indexOf('/', start);
    if (slash < 0) {
      one(context, segment(path, start, path.length()));
    } else if (path.length() == slash + 6 && path.endsWith("/posts")) {
      page(context, segment(path, start, slash));
    } else {
      nothingHere(context);
    }
  }

  private void page(RoutingContext context, String slug) {
    PageRequest page = PageRequest.of(context.request().query());
    if (page.before() == null) {
      firstPages.answer(context, slug, page.limit(), failure -> refuse(context, failure));
      return;
    }
    Answers.when(
        context,
        streams.page(slug, page.limit(), page.before()),
        found -> Answers.json(context, Answers.buffer(found.body())),
        failure -> refuse(context, failure));
  }

  private void search(RoutingContext context) {
    String query = QueryParameters.of(context.request().query()).first("query");
    Answers.when(
        context,
        streams.search(query == null ? "" : query, SEARCH_LIMIT),
        found -> Answers.json(context, list(found)),
        failure -> refuse(context, failure));
  }

  private void one(RoutingContext context, String slug) {
    Answers.when(
        context,
        known.find(slug),
        found -> {
          if (found == null) {
            unknownStream(context, slug);
          } else {
            Answers.json(context, json(generator -> write(generator, found)));
          }
        },
        failure -> refuse(context, failure));
  }

  private void posts(RoutingContext context) {
    String path = Answers.path(context);
    if (path.length() > POSTS.length() + 1) {
      post(context, segment(path, POSTS.length() + 1, path.length()));
      return;
    }
    PageRequest page = PageRequest.of(context.request().query());
    Answers.when(
        context,
        frontPosts.page(page.limit(), page.before()),
        found -> Answers.json(context, found),
        failure -> refuse(context, failure));
  }

  private void post(RoutingContext context, String text) {
    UUID id;
    try {
      id = UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      Answers.problem(context, Problem.unknownPost(text));
      return;
    }
    Answers.when(
        context,
        frontPosts.kept("post " + id, () -> posts.find(id).map(found -> encode(found, text))),
        json -> Answers.json(context, json),
        failure -> refuse(context, failure));
  }

  private static Buffer encode(@Nullable Post post, String id) {
    if (post == null || post.status() != PostStatus.PUBLISHED) {
      throw new Refused(Problem.unknownPost(id));
    }
    return Answers.buffer(PostJson.encode(post).getBytes(StandardCharsets.UTF_8));
  }

  void refuse(RoutingContext context, Throwable failure) {
    if (failure instanceof UnknownStream unknown) {
      unknownStream(context, unknown.slug());
    } else {
      Answers.problem(context, Answers.problemOf(context, failure));
    }
  }

  private void unknownStream(RoutingContext context, String slug) {
    Answers.when(
        context,
        streams.didYouMean(slug),
        meant -> Answers.problem(context, Problem.unknownStream(slug, meant)),
        _ -> Answers.problem(context, Problem.unknownStream(slug, null)));
  }

  private static void nothingHere(RoutingContext context) {
    Answers.problem(
        context,
        Problem.of(
            404,
            "not-found",
            "There is nothing here",
            "Expected the address of a resource, got " + context.request().path() + "."));
  }

  private Handler<RoutingContext> guarded(Consumer<RoutingContext> handler) {
    return context -> {
      if (!Answers.reads(context) || !Answers.takesJson(context)) {
        return;
      }
      try {
        handler.accept(context);
      } catch (RuntimeException e) {
        refuse(context, e);
      }
    };
  }

  static String segment(String path, int start, int end) {
    String segment = path.substring(start, end);
    return segment.indexOf('%') < 0 ? segment : QueryStringDecoder.decodeComponent(segment);
  }

  private static Buffer list(List<Stream> streams) {
    return json(
        generator -> {
          generator.writeStartObject();
          generator.writeArrayFieldStart("data");
          for (Stream stream : streams) {
            write(generator, stream);
          }
          generator.writeEndArray();
          generator.writeEndObject();
        });
  }

  private static void write(JsonGenerator generator, Stream stream) throws IOException {
    generator.writeStartObject();
    generator.writeStringField("slug", stream.slug());
    generator.writeStringField("name", stream.name());
    generator.writeStringField("kind", stream.kind().wireName());
    generator.writeEndObject();
  }

  private interface Body {
    void write(JsonGenerator generator) throws IOException;
  }

  private static Buffer json(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator generator = JSON.createGenerator(bytes)) {
      body.write(generator);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return Answers.buffer(bytes.toByteArray());
  }
}

package dev.athanor.web.pages;

import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.content.PostStatus;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.http.QueryParameters;
import dev.athanor.domain.links.LinkCards;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.streams.Stream;
import dev.athanor.domain.streams.StreamKind;
import dev.athanor.domain.streams.StreamPage;
import dev.athanor.domain.streams.Streams;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.web.Answers;
import dev.athanor.web.FirstPages;
import dev.athanor.web.FrontPosts;
import dev.athanor.web.KnownMatches;
import dev.athanor.web.KnownStreams;
import dev.athanor.web.PageRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/// The routes of the pages: `/`, `/streams`, `/streams/{slug}`, `/stories/{id}`, `/matches`,
/// `/matches/{id}`. They are rendered on the server, complete without scripts, and kept live by
/// `live.js` and `game.js`. A refusal is a page too, or problem details for who does not take HTML.
@ApplicationScoped
public class PageRoutes {
  private static final String STREAMS = "/streams";
  private static final String STORIES = "/stories/";
  private static final String MATCHES = "/matches";
  private static final int SEARCH_LIMIT = 100;
  private static final int MATCHES_LIMIT = 60;

  /// After everything else: what nobody answers.
  private static final int LAST = 40_000;

  private final Streams streams;
  private final Posts posts;
  private final FirstPages firstPages;
  private final FrontPosts frontPosts;
  private final FrontPage frontPage;
  private final Shelf shelf;
  private final KnownStreams known;
  private final KnownMatches matches;
  private final LinkCards linkCards;

  @Inject
  PageRoutes(
      Streams streams,
      Posts posts,
      FirstPages firstPages,
      FrontPosts frontPosts,
      FrontPage frontPage,
      Shelf shelf,
      KnownStreams known,
      KnownMatches matches,
      LinkCards linkCards) {
    this.streams = streams;
    this.posts = posts;
    this.firstPages = firstPages;
    this.frontPosts = frontPosts;
    this.frontPage = frontPage;
    this.shelf = shelf;
    this.known = known;
    this.matches = matches;
    this.linkCards = linkCards;
  }

  void routes(@Observes Router router) {
    router.route("/").handler(guarded(this::home));
    router.route(STREAMS + "/*").handler(guarded(this::streams));
    router.route(STORIES + "*").handler(guarded(this::story));
    router.route(MATCHES + "/*").handler(guarded(this::matches));
    router.route().order(LAST).handler(this::nothingHere);
  }

  private void home(RoutingContext context) {
    answer(context, frontPosts.kept("home", () -> frontPage.render().flatMap(PageRoutes::render)));
  }

  private void streams(RoutingContext context) {
    String path = Answers.path(context);
    int start = STREAMS.length() + 1;
    if (path.length() <= start) {
      list(context);
    } else if (path.indexOf('/', start) < 0) {
      stream(context, QueryStringDecoder.decodeComponent(path.substring(start)));
    } else {
      context.next();
    }
  }

  private void list(RoutingContext context) {
    String query = QueryParameters.of(context.request().query()).first("query");
    String wanted = query == null ? "" : query.strip();
    Uni<Buffer> page =
        Uni.combine()
            .all()
            .unis(shelf.frame("", false), streams.search(wanted, SEARCH_LIMIT))
            .asTuple()
            .flatMap(both -> render(Templates.streams(both.getItem1(), wanted, both.getItem2())));
    answer(context, page);
  }

  private void stream(RoutingContext context, String slug) {
    PageRequest asked = PageRequest.of(context.request().query());
    boolean first = asked.before() == null;
    Uni<StreamPage> found =
        first
            ? firstPages.page(slug, PageRequest.DEFAULT_LIMIT)
            : streams.page(slug, PageRequest.DEFAULT_LIMIT, asked.before());
    Uni<Buffer> page =
        found.flatMap(
            content ->
                Uni.combine()
                    .all()
                    .unis(
                        shelf.frame(slug, first),
                        named(slug),
                        shelf.views(PostJson.decodePage(content.posts())))
                    .asTuple()
                    .flatMap(
                        all ->
                            render(
                                Templates.stream(
                                    all.getItem1(),
                                    all.getItem2(),
                                    all.getItem3(),
                                    content.next(),
                                    first))));
    answer(context, page);
  }

  private Uni<Stream> named(String slug) {
    return known
        .find(slug)
        .map(
            found ->
                found != null ? found : new Stream(slug, slug.replace('-', ' '), StreamKind.TOPIC));
  }

  private void story(RoutingContext context) {
    String text = Answers.path(context).substring(STORIES.length());
    UUID id;
    try {
      id = UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      refuse(context, Problem.unknownPost(text));
      return;
    }
    answer(context, frontPosts.kept("story " + id, () -> story(id)));
  }

  private Uni<Buffer> story(UUID id) {
    return posts
        .find(id)
        .chain(
            post -> {
              if (post != null && post.status() == PostStatus.PUBLISHED) {
                return story(post);
              }
              throw new Refused(
                  post != null && post.status() == PostStatus.WITHDRAWN
                      ? Problem.of(
                          410,
                          "withdrawn",
                          "This story has been withdrawn",
                          "The editors have taken it back.")
                      : Problem.unknownPost(id.toString()));
            });
  }

  private Uni<Buffer> story(Post post) {
    return Uni.combine()
        .all()
        .unis(shelf.frame("/", false), shelf.views(List.of(post)), linkCards.of(post.id()))
        .asTuple()
        .flatMap(
            all ->
                render(Templates.story(all.getItem1(), all.getItem2().getFirst(), all.getItem3())));
  }

  private void matches(RoutingContext context) {
    String path = Answers.path(context);
    if (path.length() <= MATCHES.length() + 1) {
      answer(
          context,
          frontPosts.kept(
              "matches",
              () ->
                  Uni.combine()
                      .all()
                      .unis(shelf.frame("/", false), matches.latest(MATCHES_LIMIT))
                      .asTuple()
                      .flatMap(
                          both ->
                              render(
                                  Templates.matches(
                                      both.getItem1(),
                                      both.getItem2().stream().map(MatchView::of).toList())))));
      return;
    }
    String id = path.substring(MATCHES.length() + 1);
    answer(
        context,
        matches
            .find(id)
            .chain(
                found -> {
                  if (found == null) {
                    throw new Refused(
                        Problem.of(
                            404,
                            "unknown-match",
                            "There is no such match",
                            "Expected the id of a match, got " + FieldError.quote(id) + "."));
                  }
                  return shelf
                      .frame("/", true)
                      .chain(frame -> render(Templates.match(frame, MatchView.of(found))));
                }));
  }

  private void nothingHere(RoutingContext context) {
    if (context.response().ended()) {
      return;
    }
    refuse(
        context,
        Problem.of(
            404,
            "not-found",
            "There is nothing here",
            "Expected the address of a page, got " + context.request().path() + "."));
  }

  private void answer(RoutingContext context, Uni<Buffer> page) {
    Answers.when(
        context,
        page,
        html -> Answers.page(context, 200, html),
        failure -> refuse(context, failure));
  }

  private void refuse(RoutingContext context, Throwable failure) {
    refuse(context, Answers.problemOf(context, failure));
  }

  private void refuse(RoutingContext context, Problem problem) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accept == null || !accept.contains("text/html")) {
      Answers.problem(context, problem);
      return;
    }
    Answers.when(
        context,
        shelf.frameOfRefusal().flatMap(frame -> render(Templates.refusal(frame, problem))),
        html -> Answers.page(context, problem.status(), html),
        _ -> Answers.problem(context, problem));
  }

  private Handler<RoutingContext> guarded(Consumer<RoutingContext> handler) {
    return context -> {
      if (!Answers.reads(context)) {
        return;
      }
      try {
        handler.accept(context);
      } catch (RuntimeException e) {
        refuse(context, e);
      }
    };
  }

  private static Uni<Buffer> render(TemplateInstance template) {
    return Uni.createFrom()
        .completionStage(template::renderAsync)
        .map(html -> Answers.buffer(html.getBytes(StandardCharsets.UTF_8)));
  }
}

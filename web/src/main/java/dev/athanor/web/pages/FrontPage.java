package dev.athanor.web.pages;

import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.content.PostStatus;
import dev.athanor.domain.content.PostType;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.streams.Stream;
import dev.athanor.domain.streams.StreamKind;
import dev.athanor.web.FirstPages;
import dev.athanor.web.PageRequest;
import dev.athanor.web.live.Topics;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Puts the front page together: the newest breaking story of the day, what is latest across
/// streams, one score for each match, the streams. A season that is being played fills the newest
/// posts with scores, so what the topics hold is looked at as well: an editor's story does not
/// drown in goals.
@ApplicationScoped
class FrontPage {
  private static final int NEWEST = 100;
  private static final int NEWS = 30;
  private static final int SCORES = 12;
  private static final Duration BREAKING = Duration.ofHours(24);
  private static final Comparator<Post> NEWEST_FIRST =
      Comparator.comparing(FrontPage::time).thenComparing(Post::id).reversed();

  private final Posts posts;
  private final FirstPages firstPages;
  private final Shelf shelf;

  @Inject
  FrontPage(Posts posts, FirstPages firstPages, Shelf shelf) {
    this.posts = posts;
    this.firstPages = firstPages;
    this.shelf = shelf;
  }

  Uni<TemplateInstance> render() {
    return Uni.combine()
        .all()
        .unis(posts.desk(PostStatus.PUBLISHED, NEWEST, null), shelf.listed())
        .asTuple()
        .flatMap(
            both ->
                ofTopics(both.getItem2())
                    .flatMap(more -> render(both.getItem1().posts(), more, both.getItem2())));
  }

  private Uni<List<Post>> ofTopics(List<Stream> streams) {
    List<Uni<List<Post>>> pages =
        streams.stream()
            .filter(stream -> stream.kind() == StreamKind.TOPIC)
            .map(
                stream ->
                    firstPages
                        .page(stream.slug(), PageRequest.DEFAULT_LIMIT)
                        .map(page -> PostJson.decodePage(page.posts())))
            .toList();
    if (pages.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return Uni.join()
        .all(pages)
        .andFailFast()
        .map(lists -> lists.stream().flatMap(List::stream).toList());
  }

  private Uni<TemplateInstance> render(
      List<Post> newest, List<Post> ofTopics, List<Stream> streams) {
    Map<UUID, Post> byId = new LinkedHashMap<>();
    newest.forEach(post -> byId.put(post.id(), post));
    ofTopics.forEach(post -> byId.putIfAbsent(post.id(), post));
    List<Post> all = byId.values().stream().sorted(NEWEST_FIRST).toList();
    List<Post> news =
        all.stream().filter(post -> post.type() != PostType.SCORE).limit(NEWS).toList();
    List<Post> scores = List.copyOf(latestOfEachMatch(all));
    return Uni.combine()
        .all()
        .unis(shelf.frame("/", true), shelf.views(news), shelf.views(scores))
        .asTuple()
        .map(
            parts ->
                Templates.home(
                    parts.getItem1(),
                    Topics.FRONT,
                    breaking(parts.getItem2()),
                    parts.getItem2(),
                    parts.getItem3(),
                    streams));
  }

  private static Collection<Post> latestOfEachMatch(List<Post> newestFirst) {
    Map<List<String>, Post> matches = new LinkedHashMap<>();
    for (Post post : newestFirst) {
      if (post.type() == PostType.SCORE && matches.size() < SCORES) {
        matches.putIfAbsent(post.streams().stream().sorted().toList(), post);
      }
    }
    return new ArrayList<>(matches.values());
  }

  private static @Nullable PostView breaking(List<PostView> news) {
    Instant since = Instant.now().minus(BREAKING);
    return news.stream()
        .filter(view -> view.breaking() && time(view.post()).isAfter(since))
        .findFirst()
        .orElse(null);
  }

  private static Instant time(Post post) {
    Instant at = post.publishedAt();
    return at == null ? Instant.EPOCH : at;
  }
}

package dev.athanor.processor.links;

import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.content.PostStatus;
import dev.athanor.domain.content.PostType;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.links.LinkCard;
import dev.athanor.domain.links.LinkCards;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.otp.process.Node;
import dev.athanor.otp.task.Task;
import dev.athanor.otp.task.TaskStream;
import dev.athanor.otp.task.Work;
import dev.athanor.processor.enrichment.Enrichment;
import dev.athanor.processor.enrichment.Link;
import dev.athanor.processor.events.EventConsumer;
import dev.athanor.processor.events.Ledger;
import dev.athanor.processor.work.WorkItem;
import dev.athanor.processor.work.WorkKind;
import dev.athanor.processor.work.WorkTable;
import dev.athanor.processor.work.WorkTree;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/// Fetches what the links of a story lead to: its [LinkCard]s, which are stored in table
/// `link_cards`. The consumer only writes down that a story has links; they are fetched beside the
/// events, from the story as it stands by then.
///
/// All links of a story are fetched, those of its text and the one that a story of type link is
/// about, [#AT_ONCE] at a time, each within [#EACH]. A link that cannot be fetched, does not answer
/// in time, leads to where nobody may go, or to a page without a title has no card, and holds up
/// nothing. The youngest event of a story wins; a withdrawn story loses its cards at once.
@ApplicationScoped
public class LinkFetching implements EventConsumer, WorkKind {
  /// How many pages of a story are fetched at once: 25, so that all links that an [Enrichment]
  /// keeps have their time within one attempt.
  public static final int AT_ONCE = 25;

  /// How long a page may take, redirects included: 5 seconds.
  public static final Duration EACH = Duration.ofSeconds(5);

  /// How many stories' links a node fetches at once.
  private static final int STORIES = 4;

  private final Ledger ledger;
  private final WorkTable work;
  private final Posts posts;
  private final LinkCards cards;
  private final Pool pool;
  private final KnownPages pages;
  private final Node node;

  LinkFetching(
      Ledger ledger,
      WorkTable work,
      Posts posts,
      LinkCards cards,
      Pool pool,
      KnownPages pages,
      Node node) {
    this.ledger = ledger;
    this.work = work;
    this.posts = posts;
    this.cards = cards;
    this.pool = pool;
    this.pages = pages;
    this.node = node;
  }

  @Override
  public String name() {
    return "link-cards";
  }

  @Override
  public boolean wants(String type) {
    return DomainEvent.isOfPost(type);
  }

  @Override
  public Uni<Void> apply(List<DomainEvent> batch) {
    return ledger.once(name(), batch, this::note).invoke(() -> WorkTree.wake(node, kind()));
  }

  private Uni<Void> note(SqlConnection transaction, List<DomainEvent> events) {
    Map<String, DomainEvent> youngest = new TreeMap<>();
    events.forEach(event -> youngest.merge(event.key(), event, LinkFetching::younger));
    List<UUID> withdrawn = new ArrayList<>();
    Map<UUID, Long> without = new TreeMap<>();
    List<WorkItem> toFetch = new ArrayList<>();
    for (DomainEvent event : youngest.values()) {
      UUID post = UUID.fromString(event.key());
      if (event.type().equals(DomainEvent.POST_WITHDRAWN)) {
        withdrawn.add(post);
      } else if (links(PostJson.decode(event.payload())).isEmpty()) {
        without.put(post, event.seq());
      } else {
        toFetch.add(WorkItem.of(event.key(), event.seq(), ""));
      }
    }
    return cards
        .remove(transaction, withdrawn)
        .chain(() -> cards.none(transaction, without))
        .chain(() -> work.add(transaction, kind(), toFetch));
  }

  private static DomainEvent younger(DomainEvent a, DomainEvent b) {
    return a.seq() > b.seq() ? a : b;
  }

  private static List<Link> links(Post post) {
    List<Link> ofText = Enrichment.of(post.body()).links();
    return post.type() == PostType.LINK
        ? Stream.concat(Enrichment.of(post.url()).links().stream(), ofText.stream())
            .distinct()
            .toList()
        : ofText;
  }

  @Override
  public String kind() {
    return name();
  }

  @Override
  public int atOnce() {
    return STORIES;
  }

  @Override
  public Uni<Void> attempt(WorkItem item) {
    return posts
        .find(UUID.fromString(item.key()))
        .chain(
            post ->
                post == null || post.status() != PostStatus.PUBLISHED
                    ? Uni.createFrom().voidItem()
                    : fetch(post, item.seq()));
  }

  private Uni<Void> fetch(Post post, long seq) {
    List<Link> links = links(post);
    return fetch(links.stream().map(Link::url).toList())
        .chain(found -> cards.store(pool, post.id(), cards(links, found), seq));
  }

  private Uni<Map<String, Page>> fetch(List<String> addresses) {
    if (addresses.isEmpty()) {
      return Uni.createFrom().item(Map.of());
    }
    TaskStream<String, Optional<Page>> stream =
        Task.<String, Optional<Page>>asyncStream(
                addresses, address -> Work.stage(() -> pages.get(address)))
            .maxConcurrency(AT_ONCE)
            .timeout(EACH)
            .onTimeout(TaskStream.OnTimeout.KILL);
    return Uni.createFrom()
        .completionStage(() -> stream.collect(node))
        .map(
            elements -> {
              Map<String, Page> found = new LinkedHashMap<>();
              elements.forEach(
                  element -> {
                    if (element.outcome() instanceof Task.Outcome.Ok<Optional<Page>>(var page)) {
                      page.ifPresent(got -> found.put(element.input(), got));
                    }
                  });
              return found;
            });
  }

  private static List<LinkCard> cards(List<Link> links, Map<String, Page> found) {
    List<LinkCard> cards = new ArrayList<>();
    for (Link link : links) {
      Page page = found.get(link.url());
      if (page != null) {
        cards.add(
            new LinkCard(
                link.url(), link.host(), page.title(), page.description(), page.picture()));
      }
    }
    return cards;
  }
}

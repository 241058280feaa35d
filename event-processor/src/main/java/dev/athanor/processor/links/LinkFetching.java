package dev.athanor.processor.links;

import dev.athanor.domain.content.PostJson;
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
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The consumer that fetches what the links of a story lead to: its [LinkCard]s, which are stored
/// in table `link_cards`.
///
/// The first [#MOST_LINKS] links of a text are fetched, [#AT_ONCE] at a time, each within
/// [#EACH]. A link that cannot be fetched, does not answer in time, leads to where nobody may go,
/// or to a page without a title has no card, and holds up nothing. The youngest event of a story
/// wins; a withdrawn story loses its cards.
@ApplicationScoped
public class LinkFetching implements EventConsumer {
  /// How many links of a story have cards: 10.
  public static final int MOST_LINKS = 10;

  /// How many pages are fetched at once: 8.
  public static final int AT_ONCE = 8;

  /// How long a page may take, redirects included: 5 seconds.
  public static final Duration EACH = Duration.ofSeconds(5);

  private final Ledger ledger;
  private final LinkCards cards;
  private final KnownPages pages;
  private final Node node;

  LinkFetching(Ledger ledger, LinkCards cards, KnownPages pages, Node node) {
    this.ledger = ledger;
    this.cards = cards;
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
    Map<UUID, List<Link>> links = new HashMap<>();
    Set<String> addresses = new LinkedHashSet<>();
    for (DomainEvent event : batch) {
      if (!event.type().equals(DomainEvent.POST_WITHDRAWN)) {
        List<Link> own = links(event);
        links.put(event.id(), own);
        own.forEach(link -> addresses.add(link.url()));
      }
    }
    return fetch(addresses)
        .chain(
            found ->
                ledger.once(
                    name(),
                    batch,
                    (transaction, events) -> store(transaction, events, links, found)));
  }

  private static List<Link> links(DomainEvent event) {
    return Enrichment.of(PostJson.decode(event.payload()).body()).links().stream()
        .limit(MOST_LINKS)
        .toList();
  }

  private Uni<Map<String, Page>> fetch(Set<String> addresses) {
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

  private Uni<Void> store(
      SqlConnection transaction,
      List<DomainEvent> events,
      Map<UUID, List<Link>> links,
      Map<String, Page> found) {
    Uni<Void> stored = Uni.createFrom().voidItem();
    for (DomainEvent event : events) {
      UUID post = UUID.fromString(event.key());
      List<Link> own = links.get(event.id());
      stored =
          stored.chain(
              () ->
                  own == null
                      ? cards.remove(transaction, post)
                      : cards.store(transaction, post, cards(own, found), event.seq()));
    }
    return stored;
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

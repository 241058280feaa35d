package dev.athanor.processor.campaign;

import dev.athanor.domain.campaigns.Campaigns;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.otp.process.Node;
import dev.athanor.processor.events.EventConsumer;
import dev.athanor.processor.events.Ledger;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/// The consumer that makes a campaign of every breaking story, in one transaction with the record
/// of the event, and ends the one of a story that is withdrawn.
@ApplicationScoped
class CampaignStart implements EventConsumer {
  private final Ledger ledger;
  private final Campaigns campaigns;
  private final Node node;

  CampaignStart(Ledger ledger, Campaigns campaigns, Node node) {
    this.ledger = ledger;
    this.campaigns = campaigns;
    this.node = node;
  }

  @Override
  public String name() {
    return "campaigns";
  }

  @Override
  public boolean wants(String type) {
    return switch (type) {
      case DomainEvent.POST_PUBLISHED, DomainEvent.POST_WITHDRAWN -> true;
      default -> false;
    };
  }

  @Override
  public Uni<Void> apply(List<DomainEvent> batch) {
    return ledger.once(name(), batch, this::store).invoke(() -> PushTree.look(node));
  }

  private Uni<Void> store(SqlConnection transaction, List<DomainEvent> events) {
    Uni<Void> stored = Uni.createFrom().voidItem();
    for (DomainEvent event : events) {
      stored = stored.chain(() -> store(transaction, event));
    }
    return stored;
  }

  private Uni<Void> store(SqlConnection transaction, DomainEvent event) {
    if (event.type().equals(DomainEvent.POST_WITHDRAWN)) {
      return campaigns.withdraw(transaction, UUID.fromString(event.key()));
    }
    Post post = PostJson.decode(event.payload());
    return post.breaking()
        ? campaigns.begin(
            transaction, event.id(), post.id(), post.title(), post.summary(), event.streams())
        : Uni.createFrom().voidItem();
  }
}

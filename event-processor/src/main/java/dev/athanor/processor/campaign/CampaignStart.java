package dev.athanor.processor.campaign;

import dev.athanor.domain.campaigns.Campaigns;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.outbox.DomainEvent;
import dev.athanor.otp.process.Node;
import dev.athanor.processor.events.EventConsumer;
import dev.athanor.processor.events.Ledger;
import dev.athanor.processor.push.PushConfig;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/// The consumer that makes a campaign of every story that is published as breaking or becomes so
/// later, in one transaction with the record of the event, and ends the one of a story that is
/// withdrawn. A story has one campaign, and none when it is no news any more
/// (`athanor.push.time-to-live`).
@ApplicationScoped
class CampaignStart implements EventConsumer {
  private final Ledger ledger;
  private final Campaigns campaigns;
  private final PushConfig config;
  private final Node node;

  CampaignStart(Ledger ledger, Campaigns campaigns, PushConfig config, Node node) {
    this.ledger = ledger;
    this.campaigns = campaigns;
    this.config = config;
    this.node = node;
  }

  @Override
  public String name() {
    return "campaigns";
  }

  @Override
  public boolean wants(String type) {
    return DomainEvent.isOfPost(type);
  }

  @Override
  public Uni<Void> apply(List<DomainEvent> batch) {
    List<DomainEvent> ours = batch.stream().filter(CampaignStart::matters).toList();
    return ours.isEmpty()
        ? Uni.createFrom().voidItem()
        : ledger.once(name(), ours, this::store).invoke(() -> PushTree.look(node));
  }

  private static boolean matters(DomainEvent event) {
    return isWithdrawal(event) || PostJson.decode(event.payload()).breaking();
  }

  private static boolean isWithdrawal(DomainEvent event) {
    return event.type().equals(DomainEvent.POST_WITHDRAWN);
  }

  private Uni<Void> store(SqlConnection transaction, List<DomainEvent> events) {
    Uni<Void> stored = Uni.createFrom().voidItem();
    for (DomainEvent event : events) {
      stored = stored.chain(() -> store(transaction, event));
    }
    return stored;
  }

  private Uni<Void> store(SqlConnection transaction, DomainEvent event) {
    UUID post = UUID.fromString(event.key());
    return isWithdrawal(event)
        ? campaigns.withdraw(transaction, post)
        : campaigns.begin(transaction, event.id(), post, config.timeToLive());
  }
}

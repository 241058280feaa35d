package dev.athanor.domain.links;

import dev.athanor.domain.store.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The link cards of stories, table `link_cards`. Any thread; nothing blocks.
@ApplicationScoped
public class LinkCards {
  private static final String STORE =
      """
      INSERT INTO link_cards AS l (post_id, cards, event_seq) VALUES ($1, CAST(CAST($2 AS text) AS jsonb), $3)
      ON CONFLICT (post_id) DO UPDATE
        SET cards = excluded.cards, event_seq = excluded.event_seq, fetched_at = now()
        WHERE l.event_seq < excluded.event_seq
      """;

  private static final String REMOVE = "DELETE FROM link_cards WHERE post_id = $1";

  private static final String OF = "SELECT cards FROM link_cards WHERE post_id = $1";

  private final Database database;

  @Inject
  LinkCards(Database database) {
    this.database = database;
  }

  /// The cards of a story in the order of its links; empty when it has none, or none yet.
  public Uni<List<LinkCard>> of(UUID post) {
    return database
        .read(OF, Tuple.of(post))
        .map(
            rows ->
                rows.size() == 0
                    ? List.of()
                    : decode(rows.iterator().next().get(JsonArray.class, 0)));
  }

  /// Stores the cards of a story within a transaction of the caller's, unless those of a later
  /// event are there.
  ///
  /// @param seq the event's place in the outbox
  public Uni<Void> store(SqlConnection transaction, UUID post, List<LinkCard> cards, long seq) {
    return transaction
        .preparedQuery(STORE)
        .execute(io.vertx.mutiny.sqlclient.Tuple.of(post, encode(cards).encode(), seq))
        .replaceWithVoid();
  }

  /// Forgets the cards of a story that is withdrawn, within a transaction of the caller's.
  public Uni<Void> remove(SqlConnection transaction, UUID post) {
    return transaction
        .preparedQuery(REMOVE)
        .execute(io.vertx.mutiny.sqlclient.Tuple.of(post))
        .replaceWithVoid();
  }

  private static JsonArray encode(List<LinkCard> cards) {
    JsonArray json = new JsonArray();
    for (LinkCard card : cards) {
      json.add(
          new JsonObject()
              .put("url", card.url())
              .put("host", card.host())
              .put("title", card.title())
              .put("description", card.description())
              .put("picture", card.picture()));
    }
    return json;
  }

  private static List<LinkCard> decode(JsonArray json) {
    List<LinkCard> cards = new ArrayList<>(json.size());
    for (Object each : json) {
      if (each instanceof JsonObject card) {
        cards.add(
            new LinkCard(
                card.getString("url"),
                card.getString("host"),
                card.getString("title"),
                card.getString("description"),
                card.getString("picture")));
      }
    }
    return cards;
  }
}

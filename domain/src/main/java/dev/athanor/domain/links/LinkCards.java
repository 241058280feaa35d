package dev.athanor.domain.links;

import dev.athanor.domain.store.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The link cards of stories, table `link_cards`. Any thread; nothing blocks.
@ApplicationScoped
public class LinkCards {
  private static final String YOUNGER =
      """
      ON CONFLICT (post_id) DO UPDATE
        SET cards = excluded.cards, event_seq = excluded.event_seq, fetched_at = now()
        WHERE l.event_seq < excluded.event_seq
      """;

  /// The lock keeps the story from being withdrawn, and its cards from being removed, before they
  /// are there.
  private static final String STORE =
      """
      INSERT INTO link_cards AS l (post_id, cards, event_seq)
      SELECT id, CAST(CAST($2 AS text) AS jsonb), $3 FROM post
        WHERE id = $1 AND status = 'published' FOR SHARE
      """
          + YOUNGER;

  private static final String NONE =
      """
      INSERT INTO link_cards AS l (post_id, cards, event_seq)
      SELECT id, '[]', seq FROM unnest($1::uuid[], $2::bigint[]) AS n (id, seq)
        JOIN post USING (id) WHERE status = 'published' ORDER BY id
      """
          + YOUNGER;

  private static final String REMOVE = "DELETE FROM link_cards WHERE post_id = ANY ($1)";

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

  /// Stores the cards of a story, unless those of a later event are there or the story is not
  /// published.
  ///
  /// @param client what runs the statement: a pool, or a transaction of the caller's
  /// @param seq the event's place in the outbox
  public Uni<Void> store(SqlClient client, UUID post, List<LinkCard> cards, long seq) {
    return client
        .preparedQuery(STORE)
        .execute(io.vertx.mutiny.sqlclient.Tuple.of(post, encode(cards).encode(), seq))
        .replaceWithVoid();
  }

  /// Stores that published stories have no cards, likewise, within a transaction of the caller's.
  ///
  /// @param stories each with its event's place in the outbox
  public Uni<Void> none(SqlConnection transaction, Map<UUID, Long> stories) {
    return stories.isEmpty()
        ? Uni.createFrom().voidItem()
        : transaction
            .preparedQuery(NONE)
            .execute(
                io.vertx.mutiny.sqlclient.Tuple.of(
                    stories.keySet().toArray(UUID[]::new), stories.values().toArray(Long[]::new)))
            .replaceWithVoid();
  }

  /// Forgets the cards of stories that are withdrawn, within a transaction of the caller's.
  public Uni<Void> remove(SqlConnection transaction, List<UUID> stories) {
    return stories.isEmpty()
        ? Uni.createFrom().voidItem()
        : transaction
            .preparedQuery(REMOVE)
            .execute(io.vertx.mutiny.sqlclient.Tuple.of((Object) stories.toArray(UUID[]::new)))
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

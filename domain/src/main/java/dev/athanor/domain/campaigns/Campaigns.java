package dev.athanor.domain.campaigns;

import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.validation.FieldError;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Begins campaigns, shows how far they are, and holds, continues and ends them. Delivering them is
/// [PushWork]. Any thread; nothing blocks. A failed database reaches the caller.
@ApplicationScoped
public class Campaigns {
  private static final String BEGIN =
      """
      INSERT INTO campaign (id, post_id, title, body, stream_ids, status)
      SELECT $1, id, CASE WHEN title = '' THEN left(body, 300) ELSE title END, summary,
        ARRAY(SELECT s.id FROM stream s WHERE s.slug = ANY (post.streams)), 'running'
      FROM post WHERE id = $2 AND status = 'published'
        AND breaking_at > clock_timestamp() - make_interval(secs => $3)
      ON CONFLICT DO NOTHING
      """;

  private static final String LOOK =
      """
      SELECT c.id, c.post_id, c.title, c.status, c.cut, c.audience,
        c.sent + coalesce(b.sent, 0), c.dead + coalesce(b.dead, 0),
        c.refused + coalesce(b.refused, 0), c.skipped, coalesce(b.problem, c.problem),
        c.created_at, c.finished_at,
        c.active_seconds + coalesce(extract(epoch FROM clock_timestamp() - c.active_since), 0)
      FROM campaign c LEFT JOIN LATERAL (
        SELECT sum(sent) AS sent, sum(dead) AS dead, sum(refused) AS refused,
          max(problem) AS problem
        FROM push_batch WHERE campaign_id = c.id) b ON true
      """;

  private static final String ONE = LOOK + "WHERE c.id = $1";
  private static final String LATEST = LOOK + "ORDER BY c.created_at DESC LIMIT $1";

  private static final String PAUSE =
      """
      UPDATE campaign SET status = 'paused', active_since = NULL, active_seconds = active_seconds
        + extract(epoch FROM clock_timestamp() - active_since)
      WHERE id = $1 AND status = 'running'
      """;

  private static final String RESUME =
      """
      UPDATE campaign SET status = 'running', active_since = clock_timestamp()
      WHERE id = $1 AND status = 'paused'
      """;

  private static final String CANCEL =
      end(CampaignStatus.CANCELLED) + "WHERE id = $1 AND status IN ('running', 'paused')";

  private static final String WITHDRAW =
      end(CampaignStatus.CANCELLED) + "WHERE post_id = $1 AND status IN ('running', 'paused')";

  private final Pool pool;

  @Inject
  Campaigns(Pool pool) {
    this.pool = pool;
  }

  /// Begins a campaign within a transaction of the caller's, which is how the event and its effect
  /// become one. The story is told as it stands by now, to whoever follows one of its streams; one
  /// that has no title, as short posts may, by its text.
  /// Nothing happens when it has a campaign already, is not published, or is not breaking for so
  /// short a time: an event may come again when its story is withdrawn, or no news any more.
  ///
  /// @param event the event's id, the campaign's from now on
  /// @param fresh how long a story is news after it became breaking
  public Uni<Void> begin(SqlConnection transaction, UUID event, UUID post, Duration fresh) {
    return transaction
        .preparedQuery(BEGIN)
        .execute(Tuple.of(event, post, fresh.toMillis() / 1000.0))
        .replaceWithVoid();
  }

  /// Ends the campaign of a story that is withdrawn, within a transaction of the caller's.
  public Uni<Void> withdraw(SqlConnection transaction, UUID post) {
    return transaction.preparedQuery(WITHDRAW).execute(Tuple.of(post)).replaceWithVoid();
  }

  /// The campaign as it stands; null when there is none.
  public Uni<@Nullable Campaign> find(UUID id) {
    return pool.preparedQuery(ONE)
        .execute(Tuple.of(id))
        .map(rows -> rows.size() == 0 ? null : campaign(rows.iterator().next()));
  }

  /// The latest campaigns, newest first.
  ///
  /// @param limit 1 to 100, else an `IllegalArgumentException`
  public Uni<List<Campaign>> latest(int limit) {
    if (limit < 1 || limit > 100) {
      throw new IllegalArgumentException("expected a limit of 1 to 100, got " + limit);
    }
    return pool.preparedQuery(LATEST)
        .execute(Tuple.of(limit))
        .map(rows -> rows.stream().map(Campaigns::campaign).toList());
  }

  /// Holds a running campaign within a second or so: what is under way is waited for, nothing new
  /// is sent. Fails with [Refused] when there is no such campaign or it is over.
  public Uni<Campaign> pause(UUID id) {
    return turn(id, PAUSE, CampaignStatus.PAUSED);
  }

  /// Lets a paused campaign go on where it was. Fails as [#pause] does.
  public Uni<Campaign> resume(UUID id) {
    return turn(id, RESUME, CampaignStatus.RUNNING);
  }

  /// Ends a campaign for good; whoever has not got it does not get it. Fails as [#pause] does.
  public Uni<Campaign> cancel(UUID id) {
    return turn(id, CANCEL, CampaignStatus.CANCELLED);
  }

  /// The beginning of a statement that ends campaigns.
  static String end(CampaignStatus status) {
    return """
    UPDATE campaign SET status = '%s', finished_at = clock_timestamp(), active_since = NULL,
      active_seconds = active_seconds
        + coalesce(extract(epoch FROM clock_timestamp() - active_since), 0)
    """
        .formatted(status.wireName());
  }

  private Uni<Campaign> turn(UUID id, String sql, CampaignStatus wanted) {
    return pool.preparedQuery(sql)
        .execute(Tuple.of(id))
        .chain(() -> find(id))
        .map(
            campaign -> {
              if (campaign == null) {
                throw new Refused(unknown(id.toString()));
              }
              if (campaign.status() != wanted) {
                throw new Refused(
                    Problem.of(
                        409,
                        "campaign-is-over",
                        "The campaign is over",
                        "Expected a campaign that is running or paused, got one that is "
                            + campaign.status().wireName()
                            + "."));
              }
              return campaign;
            });
  }

  /// No such campaign: 404.
  public static Problem unknown(String id) {
    return Problem.of(
        404,
        "unknown-campaign",
        "There is no such campaign",
        "Expected the id of a campaign, got " + FieldError.quote(id) + ".");
  }

  private static Campaign campaign(Row row) {
    OffsetDateTime finished = row.getOffsetDateTime(12);
    return new Campaign(
        row.getUUID(0),
        row.getUUID(1),
        row.getString(2),
        CampaignStatus.ofWireName(row.getString(3)),
        row.getBoolean(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        row.getLong(8),
        row.getLong(9),
        row.getString(10),
        row.getOffsetDateTime(11).toInstant(),
        finished == null ? null : finished.toInstant(),
        Duration.ofMillis(Math.round(row.getDouble(13) * 1000)));
  }
}

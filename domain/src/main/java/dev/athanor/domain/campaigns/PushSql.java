package dev.athanor.domain.campaigns;

/// The statements of [PushWork].
final class PushSql {
  static final String UNCUT =
      """
      SELECT id FROM campaign WHERE status = 'running' AND NOT cut
      ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
      """;

  /// A page of readers is merged from the streams' own index scans, each reader once. The devices
  /// are looked up reader by reader (LATERAL), whatever the planner believes of their number.
  /// `$1` campaign, `$2` readers in a page, `$3` readers in a batch, `$4` kinds.
  static final String CUT =
      """
      WITH c AS (
        SELECT * FROM campaign WHERE id = $1
      ), page AS MATERIALIZED (
        SELECT x.reader_id FROM c, unnest(c.stream_ids) AS s(id)
        CROSS JOIN LATERAL (
          SELECT reader_id FROM subscription
          WHERE stream_id = s.id AND reader_id > c.cut_to ORDER BY reader_id LIMIT $2) x
        GROUP BY x.reader_id ORDER BY x.reader_id LIMIT $2
      ), held AS (
        SELECT page.reader_id, d.kind, d.devices FROM c, page
        CROSS JOIN LATERAL (
          SELECT kind, count(*) AS devices FROM device
          WHERE reader_id = page.reader_id AND since <= c.created_at GROUP BY kind) d
      ), numbered AS (
        SELECT *, (row_number() OVER (PARTITION BY kind ORDER BY reader_id) - 1) / $3 AS part
        FROM held
      ), parts AS MATERIALIZED (
        SELECT kind, array_agg(reader_id ORDER BY reader_id) AS readers,
          sum(devices)::integer AS devices
        FROM numbered GROUP BY kind, part
      ), made AS (
        INSERT INTO push_batch (campaign_id, no, kind, first_reader, last_reader, devices)
        SELECT $1, c.batches + row_number() OVER (ORDER BY readers[1], kind), kind, readers[1],
          readers[cardinality(readers)], devices
        FROM c, parts WHERE kind = ANY ($4)
        RETURNING no
      )
      UPDATE campaign SET
        cut_to = coalesce((SELECT reader_id FROM page ORDER BY reader_id DESC LIMIT 1), cut_to),
        cut = (SELECT count(*) FROM page) < $2,
        batches = batches + (SELECT count(*) FROM made),
        audience = audience + (SELECT coalesce(sum(devices), 0) FROM parts),
        skipped = skipped
          + (SELECT coalesce(sum(devices), 0) FROM parts WHERE kind <> ALL ($4))
      WHERE id = $1
      """;

  private static final String FREE =
      """
      campaign.status = 'running'
      AND (push_batch.lease_until IS NULL OR push_batch.lease_until < clock_timestamp())
      """;

  static final String WAITING =
      "SELECT kind, count(*)::integer FROM (SELECT kind FROM campaign"
          + " JOIN push_batch ON campaign_id = campaign.id WHERE "
          + FREE
          + " LIMIT 1000) free GROUP BY kind";

  /// Batches that nobody had yet come before those that were put back: these may be put back again.
  /// `$1` holder, `$2` kind, `$3` lease in seconds.
  static final String CLAIM =
      """
      UPDATE push_batch SET holder = $1, written = 0,
        lease_until = clock_timestamp() + make_interval(secs => $3)
      FROM (
        SELECT campaign.id, no, post_id, title, body, created_at FROM campaign
        JOIN push_batch ON campaign_id = campaign.id
        WHERE kind = $2 AND %s
        ORDER BY created_at, lease_until NULLS FIRST, no LIMIT 1 FOR UPDATE OF push_batch SKIP LOCKED) free
      WHERE push_batch.campaign_id = free.id AND push_batch.no = free.no
      RETURNING free.id, free.no, post_id, title, body, created_at
      """
          .formatted(FREE);

  /// `$1` campaign, `$2` number.
  static final String RECIPIENTS =
      """
      SELECT d.id, d.token, d.p256dh, d.auth
      FROM campaign c JOIN push_batch b ON b.campaign_id = c.id
      CROSS JOIN LATERAL (
        SELECT DISTINCT reader_id FROM subscription
        WHERE stream_id = ANY (c.stream_ids)
          AND reader_id BETWEEN b.first_reader AND b.last_reader) r
      CROSS JOIN LATERAL (
        SELECT id, token, p256dh, auth FROM device
        WHERE reader_id = r.reader_id AND kind = b.kind AND since <= c.created_at
        OFFSET 0) d
      WHERE c.id = $1 AND b.no = $2 AND (b.sent + b.dead + b.refused = 0 OR d.id <> ALL (b.settled))
      """;

  /// `$1` campaign, `$2` number, `$3` holder, `$4` settled devices, `$5` to `$7` how many of them
  /// sent, dead, refused, `$8` problem, `$9` lease in seconds, `$10` dead devices, `$11`
  /// the number of the writing: what is written already is not counted again.
  static final String SETTLE =
      """
      WITH held AS (
        UPDATE push_batch SET
          settled = CASE WHEN written < $11 THEN settled || $4::bigint[] ELSE settled END,
          sent = CASE WHEN written < $11 THEN sent + $5 ELSE sent END,
          dead = CASE WHEN written < $11 THEN dead + $6 ELSE dead END,
          refused = CASE WHEN written < $11 THEN refused + $7 ELSE refused END,
          problem = coalesce($8, problem), written = greatest(written, $11),
          lease_until = clock_timestamp() + make_interval(secs => $9)
        WHERE campaign_id = $1 AND no = $2 AND holder = $3
        RETURNING campaign_id
      ), pruned AS (
        DELETE FROM device WHERE id = ANY ($10::bigint[]) AND EXISTS (SELECT FROM held)
      )
      SELECT status FROM campaign JOIN held ON id = campaign_id
      """;

  /// What the readers of a batch have is known now better than when it was cut: the audience is
  /// put right. `$1` campaign, `$2` number, `$3` holder.
  static final String FINISH =
      """
      WITH gone AS (
        DELETE FROM push_batch WHERE campaign_id = $1 AND no = $2 AND holder = $3 RETURNING *
      )
      UPDATE campaign c SET sent = c.sent + gone.sent, dead = c.dead + gone.dead,
        refused = c.refused + gone.refused, problem = coalesce(gone.problem, c.problem),
        audience = c.audience + gone.sent + gone.dead + gone.refused - gone.devices
      FROM gone WHERE c.id = gone.campaign_id
      """;

  /// `$1` campaign, `$2` number, `$3` holder, `$4` seconds that nobody takes it.
  static final String RELEASE =
      """
      UPDATE push_batch SET holder = NULL,
        lease_until = clock_timestamp() + make_interval(secs => $4)
      WHERE campaign_id = $1 AND no = $2 AND holder = $3
      """;

  static final String DONE =
      Campaigns.end(CampaignStatus.DONE)
          + """
          WHERE status = 'running' AND cut
            AND NOT EXISTS (SELECT FROM push_batch WHERE campaign_id = campaign.id)
          """;

  static final String CLEAR =
      """
      WITH gone AS (
        DELETE FROM push_batch USING campaign
        WHERE campaign_id = campaign.id AND status = 'cancelled'
          AND (holder IS NULL OR lease_until < clock_timestamp())
        RETURNING campaign_id, push_batch.sent, push_batch.dead, push_batch.refused
      ), sums AS (
        SELECT campaign_id, sum(sent) AS sent, sum(dead) AS dead, sum(refused) AS refused
        FROM gone GROUP BY campaign_id
      )
      UPDATE campaign c SET sent = c.sent + sums.sent, dead = c.dead + sums.dead,
        refused = c.refused + sums.refused
      FROM sums WHERE c.id = sums.campaign_id
      """;

  private PushSql() {}
}

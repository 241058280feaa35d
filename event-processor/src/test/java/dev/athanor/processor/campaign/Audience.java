package dev.athanor.processor.campaign;

import dev.athanor.domain.campaigns.Campaign;
import dev.athanor.domain.campaigns.CampaignStatus;
import dev.athanor.domain.campaigns.Campaigns;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;

/// Streams, readers and devices as tests want them, and campaigns for them.
final class Audience {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Pool pool;
  private final Campaigns campaigns;
  final String name = "s" + UUID.randomUUID().toString().substring(0, 8);

  Audience(Pool pool, Campaigns campaigns) {
    this.pool = pool;
    this.campaigns = campaigns;
    run("UPDATE campaign SET status = 'cancelled' WHERE status <> 'done'", Tuple.tuple());
    run("DELETE FROM push_batch", Tuple.tuple());
  }

  /// Devices of that kind, each of a reader of its own who follows the streams. Their tokens are
  /// the audience's name, the kind and a number.
  void devices(String kind, int count, String... streams) {
    List<String> slugs = List.of(streams.length == 0 ? new String[] {name} : streams);
    for (String slug : slugs) {
      run(
          "INSERT INTO stream (slug, name, kind, search) VALUES ($1, $1, 'topic', $1)"
              + " ON CONFLICT DO NOTHING",
          Tuple.of(slug));
    }
    run(
        """
        WITH reader AS MATERIALIZED (
          SELECT gen_random_uuid() AS id, n FROM generate_series(1, $1::integer) n
        ), followed AS (
          INSERT INTO subscription (stream_id, reader_id)
          SELECT stream.id, reader.id FROM reader, stream WHERE slug = ANY ($2)
        )
        INSERT INTO device (reader_id, kind, token, p256dh, auth, since)
        SELECT id, $3, $4 || '-' || $3 || '-' || n, CASE $3 WHEN 'webpush' THEN 'k' END,
          CASE $3 WHEN 'webpush' THEN 'a' END, now() - interval '1 minute'
        FROM reader
        """,
        Tuple.of(count, slugs.toArray(String[]::new), kind, name));
  }

  /// Begins a campaign for the streams.
  UUID begin(String... streams) {
    UUID id = UUID.randomUUID();
    begin(id, UUID.randomUUID(), streams);
    return id;
  }

  void begin(UUID event, UUID post, String... streams) {
    String[] slugs = streams.length == 0 ? new String[] {name} : streams;
    run(
        """
        INSERT INTO post (id, version, type, status, title, summary, breaking, streams,
          published_at, breaking_at, updated_at)
        VALUES ($1, 0, 'article', 'published', 'Goal', '1-0', true, $2, now(), now(), now())
        ON CONFLICT DO NOTHING
        """,
        Tuple.of(post, slugs));
    await(
        pool.withTransaction(
            transaction -> campaigns.begin(transaction, event, post, Duration.ofHours(4))));
  }

  Campaign look(UUID campaign) {
    return Objects.requireNonNull(await(campaigns.find(campaign)));
  }

  Campaign awaitDone(UUID campaign) {
    return await(campaign, CampaignStatus.DONE);
  }

  Campaign await(UUID campaign, CampaignStatus status) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> look(campaign).status() == status);
    return look(campaign);
  }

  /// How many batches of the campaign somebody has still to deliver.
  int openBatches(UUID campaign) {
    return run(
            "SELECT count(*)::integer FROM push_batch WHERE campaign_id = $1", Tuple.of(campaign))
        .getFirst()
        .getInteger(0);
  }

  /// The tokens of the devices of this audience that are still there.
  Set<String> tokens() {
    Set<String> tokens = new HashSet<>();
    run("SELECT token FROM device WHERE token LIKE $1", Tuple.of(name + "-%"))
        .forEach(row -> tokens.add(row.getString(0)));
    return tokens;
  }

  List<Row> run(String sql, Tuple parameters) {
    return await(pool.preparedQuery(sql).execute(parameters)).stream().toList();
  }

  static <T> T await(Uni<T> uni) {
    return uni.await().atMost(PATIENCE);
  }
}

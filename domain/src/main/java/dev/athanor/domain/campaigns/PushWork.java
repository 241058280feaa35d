package dev.athanor.domain.campaigns;

import dev.athanor.domain.campaigns.PushBatch.Order;
import dev.athanor.domain.campaigns.PushBatch.Settled;
import dev.athanor.domain.readers.Device;
import dev.athanor.domain.readers.DeviceKind;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The work of campaigns: cutting an audience into batches, claiming a batch, settling devices,
/// finishing it. Any number of nodes may do it at once; nobody waits for another (SKIP LOCKED), and
/// nothing depends on anybody surviving.
///
/// A claimed batch is its holder's for as long as the lease, and again as long from each
/// [#settle]. A holder that dies is succeeded when the lease is over, by somebody who gets the
/// devices that are not settled yet: at most those whose answer was under way or not settled when
/// it died are sent to again.
///
/// The audience is never loaded whole: it is cut along the index of the subscriptions, page by page
/// of readers, and a batch is loaded when it is claimed. Any thread; nothing blocks.
@ApplicationScoped
public class PushWork {
  /// How many readers are looked at in one step of cutting.
  private static final int PAGE = 10_000;

  /// How many readers' devices make a batch.
  private static final int BATCH = 1_000;

  private final Pool pool;
  private final int page;
  private final int batch;

  @Inject
  PushWork(Pool pool) {
    this(pool, PAGE, BATCH);
  }

  /// With sizes of one's own: readers in a step of cutting, readers in a batch.
  public PushWork(Pool pool, int page, int batch) {
    this.pool = pool;
    this.page = page;
    this.batch = batch;
  }

  /// Cuts a page of the audience of the oldest running campaign whose audience is not cut to its
  /// end. Devices of kinds that nobody delivers to are counted as skipped.
  ///
  /// @param kinds the kinds that are delivered to
  /// @return whether there was anything to cut; if so there may be more
  public Uni<Boolean> cut(Collection<DeviceKind> kinds) {
    return pool.withTransaction(
        transaction ->
            transaction
                .preparedQuery(PushSql.UNCUT)
                .execute()
                .chain(
                    rows ->
                        rows.size() == 0
                            ? Uni.createFrom().item(false)
                            : cut(transaction, rows.iterator().next().getUUID(0), names(kinds))));
  }

  private Uni<Boolean> cut(SqlClient transaction, UUID campaign, String[] kinds) {
    return transaction
        .preparedQuery(PushSql.CUT)
        .execute(Tuple.of(campaign, page, batch, kinds))
        .replaceWith(true);
  }

  /// How many batches of running campaigns wait for a holder, by kind; kinds without any are left
  /// out. Looks no further than 1,000 batches.
  public Uni<Map<DeviceKind, Integer>> waiting() {
    return pool.preparedQuery(PushSql.WAITING)
        .execute()
        .map(
            rows -> {
              Map<DeviceKind, Integer> waiting = new EnumMap<>(DeviceKind.class);
              for (Row row : rows) {
                waiting.put(DeviceKind.ofWireName(row.getString(0)), row.getInteger(1));
              }
              return waiting;
            });
  }

  /// Claims a batch, the oldest campaign's first; null when none waits.
  ///
  /// @param holder a name that nobody else has
  public Uni<@Nullable PushBatch> claim(DeviceKind kind, UUID holder, Duration lease) {
    return pool.preparedQuery(PushSql.CLAIM)
        .execute(Tuple.of(holder, kind.wireName(), seconds(lease)))
        .chain(
            rows ->
                rows.size() == 0
                    ? Uni.createFrom().nullItem()
                    : load(rows.iterator().next(), kind, holder));
  }

  private Uni<@Nullable PushBatch> load(Row claimed, DeviceKind kind, UUID holder) {
    UUID campaign = claimed.getUUID(0);
    int no = claimed.getInteger(1);
    PushBatch.Story story =
        new PushBatch.Story(
            claimed.getUUID(2),
            claimed.getString(3),
            claimed.getString(4),
            claimed.getOffsetDateTime(5).toInstant());
    return pool.preparedQuery(PushSql.RECIPIENTS)
        .execute(Tuple.of(campaign, no))
        .map(
            rows -> {
              List<Recipient> recipients = new ArrayList<>(rows.size());
              rows.forEach(row -> recipients.add(recipient(row, kind)));
              return new PushBatch(campaign, no, kind, holder, story, recipients);
            });
  }

  /// Writes down what became of devices of a batch, forgets the dead ones, and renews the lease;
  /// with nobody settled it does the last alone. Whoever does not hear whether it was done does it
  /// again with the same.
  ///
  /// @return whether the holder is to go on; after [Order#LOST] nothing was written down
  public Uni<Order> settle(PushBatch batch, Settled settled, Duration lease) {
    List<Long> all = new ArrayList<>(settled.size());
    all.addAll(settled.sent());
    all.addAll(settled.dead());
    all.addAll(settled.refused());
    return pool.preparedQuery(PushSql.SETTLE)
        .execute(
            Tuple.tuple()
                .addUUID(batch.campaign())
                .addInteger(batch.no())
                .addUUID(batch.holder())
                .addArrayOfLong(all.toArray(Long[]::new))
                .addInteger(settled.sent().size())
                .addInteger(settled.dead().size())
                .addInteger(settled.refused().size())
                .addString(settled.problem())
                .addDouble(seconds(lease))
                .addArrayOfLong(settled.dead().toArray(Long[]::new))
                .addInteger(settled.number()))
        .map(
            rows ->
                rows.size() == 0
                    ? Order.LOST
                    : CampaignStatus.ofWireName(rows.iterator().next().getString(0))
                            == CampaignStatus.RUNNING
                        ? Order.GO_ON
                        : Order.REST);
  }

  /// Ends a batch of which everybody is settled; the campaign is done with its last batch. Nothing
  /// happens when it is somebody else's by now.
  public Uni<Void> finish(PushBatch batch) {
    return pool.preparedQuery(PushSql.FINISH)
        .execute(Tuple.of(batch.campaign(), batch.no(), batch.holder()))
        .chain(this::close);
  }

  /// Puts a batch back that is not done: the next holder goes on where this one was.
  ///
  /// @param rest how long nobody takes it
  public Uni<Void> release(PushBatch batch, Duration rest) {
    return pool.preparedQuery(PushSql.RELEASE)
        .execute(Tuple.of(batch.campaign(), batch.no(), batch.holder(), seconds(rest)))
        .replaceWithVoid();
  }

  /// Ends what needs nobody's work any more: campaigns whose last batch is done, and batches of
  /// cancelled campaigns that nobody holds.
  public Uni<Void> close() {
    return pool.preparedQuery(PushSql.DONE)
        .execute()
        .chain(() -> pool.preparedQuery(PushSql.CLEAR).execute())
        .replaceWithVoid();
  }

  private static Recipient recipient(Row row, DeviceKind kind) {
    String token = row.getString(1);
    return new Recipient(
        row.getLong(0),
        switch (kind) {
          case APNS -> new Device.Apns(token);
          case WEBPUSH -> new Device.WebPush(token, row.getString(2), row.getString(3));
          case FCM -> new Device.Fcm(token);
        });
  }

  private static String[] names(Collection<DeviceKind> kinds) {
    return kinds.stream().map(DeviceKind::wireName).toArray(String[]::new);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}

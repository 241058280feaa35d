package dev.athanor.domain.readers;

import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.store.Database;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The devices of readers. A push service's token is one device however often it is sent, and it
/// belongs to the reader who sent it last. Any thread; nothing blocks.
@ApplicationScoped
public class Devices {
  /// How many devices a reader may have.
  public static final int MOST = 20;

  /// `xmax` is zero in a row that was inserted just now. A device that changes hands counts for its
  /// new reader as a new one does.
  private static final String ADD =
      """
      INSERT INTO device AS d (reader_id, kind, token, p256dh, auth)
      SELECT $1, $2, $3, $4, $5
      WHERE (SELECT count(*) FROM device WHERE reader_id = $1 AND (kind, token) <> ($2, $3)) < $6
      ON CONFLICT (kind, token) DO UPDATE
        SET reader_id = excluded.reader_id, p256dh = excluded.p256dh, auth = excluded.auth,
          since = CASE WHEN d.reader_id = excluded.reader_id THEN d.since ELSE now() END
      RETURNING id, xmax = 0
      """;

  private static final String REMOVE = "DELETE FROM device WHERE id = $1 AND reader_id = $2";

  private final Database database;

  @Inject
  Devices(Database database) {
    this.database = database;
  }

  /// A device that is registered.
  ///
  /// @param id its id here
  /// @param fresh whether it was unknown until now
  public record Registered(long id, boolean fresh) {}

  /// Registers the device for the reader; again is no change. Fails with [Refused] when the reader
  /// has 20 others.
  public Uni<Registered> register(UUID reader, Device device) {
    return database
        .query(
            ADD,
            Tuple.of(reader, device.kind().wireName(), device.address())
                .addString(key(device))
                .addString(secret(device))
                .addInteger(MOST))
        .map(
            rows -> {
              if (rows.size() == 0) {
                throw new Refused(
                    Problem.of(
                        422,
                        "too-many-devices",
                        "These are too many devices",
                        "Expected at most " + MOST + " devices of one reader, got one more."));
              }
              Row row = rows.iterator().next();
              return new Registered(row.getLong(0), row.getBoolean(1));
            });
  }

  /// Forgets the device if it is the reader's; whether it was.
  public Uni<Boolean> forget(UUID reader, long id) {
    return database.query(REMOVE, Tuple.of(id, reader)).map(rows -> rows.rowCount() > 0);
  }

  private static @Nullable String key(Device device) {
    return device instanceof Device.WebPush web ? web.p256dh() : null;
  }

  private static @Nullable String secret(Device device) {
    return device instanceof Device.WebPush web ? web.auth() : null;
  }
}

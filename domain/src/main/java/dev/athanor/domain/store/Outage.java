package dev.athanor.domain.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Tells a database that is away (starting, stopping, full of connections, behind a network that is
/// cut) from everything else that may have failed: the same may succeed in a moment. Any thread.
public final class Outage {
  /// Classes of SQLSTATE: connections, resources, what an operator does, the system around it.
  private static final Set<String> AWAY = Set.of("08", "53", "57", "58");

  /// What the clients of pools and connections say; they have no types for it.
  private static final Set<String> WORDS =
      Set.of("Pool closed", "Timeout", "Connection closed", "Connection was closed");

  private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();

  /// When it was told last (compare-and-set by whoever tells).
  private static final AtomicLong TOLD = new AtomicLong(System.nanoTime() - QUIET_NANOS);

  private Outage() {}

  /// Whether a failure is that of a database that is away, as far as the chain of causes tells.
  public static boolean isBehind(Throwable failure) {
    Set<Throwable> looked = new HashSet<>();
    for (@Nullable Throwable cause = failure;
        cause != null && looked.add(cause);
        cause = cause.getCause()) {
      switch (cause) {
        case PgException refused -> {
          return isAway(refused.getSqlState());
        }
        case JsonProcessingException _ -> { // an IOException by descent
          return false;
        }
        case ClosedConnectionException _, IOException _, TimeoutException _ -> {
          return true;
        }
        default -> {
          boolean away = cause instanceof SQLException sql && isAway(sql.getSQLState());
          if (away || WORDS.contains(String.valueOf(cause.getMessage()))) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// Writes a line about it to the log, at most one in five seconds: every request fails meanwhile.
  public static void tell(Logger log, Throwable failure) {
    long told = TOLD.get();
    long now = System.nanoTime();
    if (now - told >= QUIET_NANOS && TOLD.compareAndSet(told, now)) {
      log.warnf("The database does not answer, requests are refused with 503: %s", failure);
    }
  }

  private static boolean isAway(@Nullable String state) {
    return state != null && state.length() > 2 && AWAY.contains(state.substring(0, 2));
  }
}

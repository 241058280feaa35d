package dev.athanor.processor.events;

import com.fasterxml.jackson.core.JacksonException;
import dev.athanor.domain.outbox.DeadEvent;
import dev.athanor.otp.server.CallFailed;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Whose fault a failed attempt was. A database that restarts or refuses this node, a lock that was
/// lost, a network or a process that is away say nothing about the event: such an attempt does not
/// count towards giving it up. Of what a database says, only what is about the data counts.
final class Fault {
  /// Classes of SQLSTATE: too many rows or none, bad data, constraints, views' checks, limits of
  /// size. A database that is away, full or locked, that wants another password, or that has not
  /// got its tables or rights yet says something else.
  private static final Set<String> ABOUT_THE_DATA = Set.of("21", "22", "23", "44", "54");

  private Fault() {}

  /// Whether the event may be to blame, as far as the chain of causes tells.
  static boolean isOwn(Throwable failure) {
    Set<Throwable> looked = new HashSet<>();
    for (@Nullable Throwable cause = failure;
        cause != null && looked.add(cause);
        cause = cause.getCause()) {
      switch (cause) {
        case PgException refused -> {
          String state = refused.getSqlState();
          return state != null
              && state.length() > 2
              && ABOUT_THE_DATA.contains(state.substring(0, 2));
        }
        // The first is an IOException by descent, and a bad event by nature; the second the
        // consumer's own word, whatever it has it from.
        case JacksonException _, DeadEvent _ -> {
          return true;
        }
        case ClosedConnectionException _, IOException _, TimeoutException _, CallFailed _ -> {
          return false;
        }
        default -> {
          if ("Pool closed".equals(cause.getMessage())
              || "Timeout".equals(cause.getMessage())
              || "Connection closed".equals(cause.getMessage())) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /// Whether no further attempt can help: the consumer says so itself.
  static boolean isFinal(Throwable failure) {
    Set<Throwable> looked = new HashSet<>();
    for (@Nullable Throwable cause = failure;
        cause != null && looked.add(cause);
        cause = cause.getCause()) {
      if (cause instanceof DeadEvent) {
        return true;
      }
    }
    return false;
  }
}

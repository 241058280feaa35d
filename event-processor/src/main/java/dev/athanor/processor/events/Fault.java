package dev.athanor.processor.events;

import com.fasterxml.jackson.core.JacksonException;
import dev.athanor.domain.outbox.DeadEvent;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Whose fault a failed attempt was. A database that restarts, a lock that was lost, a network that
/// is away say nothing about the event: such an attempt does not count towards giving it up.
final class Fault {
  /// Classes of SQLSTATE: connection, rolled back for another's sake, resources, operator, system.
  private static final Set<String> SURROUNDINGS = Set.of("08", "25", "40", "53", "57", "58");

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
          return state == null || !SURROUNDINGS.contains(state.substring(0, 2));
        }
        // An IOException by descent, and a bad event by nature.
        case JacksonException _ -> {
          return true;
        }
        case ClosedConnectionException _, IOException _, TimeoutException _ -> {
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

package dev.athanor.domain.postgres;

/// The embedded PostgreSQL could not be started or stopped; the message says why and what helps.
public final class EmbeddedPostgresException extends RuntimeException {
  EmbeddedPostgresException(String message) {
    super(message);
  }

  EmbeddedPostgresException(String message, Throwable cause) {
    super(message, cause);
  }
}

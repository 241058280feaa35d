package dev.athanor.domain.http;

import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.store.Outage;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/// What failures are to whoever sent the request. Any thread.
public final class Failures {
  /// When the database may be back.
  private static final CharSequence RETRY_SECONDS = HttpHeaders.createOptimized("5");

  private Failures() {}

  /// The problem a failure is to the sender. What is neither his doing nor that of a database that
  /// is away goes to the log in full.
  public static Problem problemOf(Logger log, HttpServerRequest request, Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    Problem problem = Problem.of(cause);
    if (problem != null) {
      return problem;
    }
    if (Outage.isBehind(cause)) {
      Outage.tell(log, cause);
      return Problem.unavailable();
    }
    log.errorf(cause, "%s %s failed", request.method(), request.path());
    return Problem.unexpected();
  }

  /// Says when to come again, to whoever is answered with 503.
  public static void retryAfter(HttpServerResponse response) {
    if (response.getStatusCode() == 503) {
      response.headers().set(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    }
  }
}

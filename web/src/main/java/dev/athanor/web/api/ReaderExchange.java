package dev.athanor.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.athanor.domain.http.BodyCoding;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.web.Answers;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One request of a reader that may change something, and its answer. Everything runs on the
/// request's event loop; whatever a step throws is refused.
final class ReaderExchange {
  private static final int LARGEST_BODY = 8 * 1024;

  private final RoutingContext context;
  private final Refusals refusals;

  private ReaderExchange(RoutingContext context, Refusals refusals) {
    this.context = context;
    this.refusals = refusals;
  }

  /// How a failure is told.
  interface Refusals {
    void refuse(RoutingContext context, Throwable failure);
  }

  static Handler<RoutingContext> handler(Refusals refusals, Consumer<ReaderExchange> steps) {
    return context -> {
      context.request().pause();
      ReaderExchange exchange = new ReaderExchange(context, refusals);
      exchange.run(() -> steps.accept(exchange));
    };
  }

  String path() {
    return Answers.path(context);
  }

  HttpMethod method() {
    return context.request().method();
  }

  String address() {
    var address = context.request().remoteAddress();
    return address == null || address.hostAddress() == null ? "" : address.hostAddress();
  }

  /// The token of an `Authorization: Bearer` header; null when there is none.
  @Nullable String bearer() {
    String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
        ? header.substring(7).strip()
        : null;
  }

  /// The refusal of somebody who is no reader.
  Refused unauthorized(boolean sentToken) {
    context.response().putHeader("www-authenticate", "Bearer realm=\"Athanor readers\"");
    return new Refused(
        Problem.of(
            401,
            "unauthorized",
            "Readers only",
            "Expected Authorization: Bearer and the token of POST /api/readers, got "
                + (sentToken
                    ? "a token that was not made here or is too old; make a new one."
                    : "no such header.")));
  }

  /// Lets these methods through.
  void allow(HttpMethod... methods) {
    if (List.of(methods).contains(method())) {
      return;
    }
    String allowed = Arrays.stream(methods).map(HttpMethod::name).collect(Collectors.joining(", "));
    context.response().putHeader(HttpHeaders.ALLOW, allowed);
    throw new Refused(
        Problem.of(
            405,
            "method-not-allowed",
            "The method is not allowed here",
            "Expected " + allowed + ", got " + method().name() + "."));
  }

  /// Refuses who has to wait these seconds; 0 lets through.
  void hold(int seconds) {
    if (seconds > 0) {
      context.response().putHeader("retry-after", Integer.toString(seconds));
      throw new Refused(
          Problem.of(
              429,
              "too-many-requests",
              "Too many requests",
              "Expected the next one in " + seconds + " s or later, got it now."));
    }
  }

  /// Reads the JSON body of at most 8 KiB.
  void body(Consumer<byte[]> done) {
    HttpServerRequest request = context.request();
    BodyCoding.check(request);
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new Refused(
          Problem.of(
              415,
              "unsupported-media-type",
              "Only JSON is read here",
              "Expected Content-Type application/json, got "
                  + (type == null ? "none." : "\"" + type + "\".")));
    }
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          if (body.length() <= LARGEST_BODY) {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        _ ->
            run(
                () -> {
                  if (body.length() > LARGEST_BODY) {
                    throw new Refused(
                        Problem.of(
                                413,
                                "too-large",
                                "The body is too large",
                                "Expected at most " + LARGEST_BODY + " bytes, got more.")
                            .with("limit", LARGEST_BODY));
                  }
                  done.accept(body.getBytes());
                }));
    request.resume();
  }

  <T extends @Nullable Object> void when(Uni<T> outcome, Consumer<T> done) {
    Answers.when(context, outcome, done, this::refuse);
  }

  void json(int status, ObjectNode json) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(Buffer.buffer(json.toString().getBytes(StandardCharsets.UTF_8)));
    context.request().resume();
  }

  /// 204.
  void done() {
    context.response().setStatusCode(204).end();
    context.request().resume();
  }

  private void run(Runnable steps) {
    try {
      steps.run();
    } catch (RuntimeException e) {
      refuse(e);
    }
  }

  private void refuse(Throwable failure) {
    refusals.refuse(context, failure);
    context.request().resume();
  }
}

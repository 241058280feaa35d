package dev.athanor.cms;

import dev.athanor.domain.http.BodyCoding;
import dev.athanor.domain.http.Failures;
import dev.athanor.domain.http.FetchSite;
import dev.athanor.domain.http.QueryParameters;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One request of an editor and its answer: reading the body up to a limit, asking the domain,
/// writing JSON, pages, problems. Every method is called on the request's event loop, and every
/// continuation runs there. A failure becomes the problem it is to the caller.
public final class Exchange {
  private static final Logger LOG = Logger.getLogger(Exchange.class);
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " media-src https: http:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private final RoutingContext context;
  private final @Nullable Context home;
  private final Function<Exchange, Consumer<Problem>> refusals;

  private Exchange(RoutingContext context, Function<Exchange, Consumer<Problem>> refusals) {
    this.context = context;
    this.home = Vertx.currentContext();
    this.refusals = refusals;
  }

  /// An exchange whose refusals are problem details.
  public static Exchange api(RoutingContext context) {
    return new Exchange(context, exchange -> exchange::problem);
  }

  /// An exchange whose refusals are told by a page.
  public static Exchange page(RoutingContext context, Function<Exchange, Consumer<Problem>> page) {
    return new Exchange(context, page);
  }

  /// The request and response.
  public RoutingContext context() {
    return context;
  }

  /// The parameters of the request's query.
  public QueryParameters query() {
    return QueryParameters.of(context.request().query());
  }

  /// The path of a request; it has one by the time a route sees it.
  public static String path(RoutingContext context) {
    String path = context.request().path();
    return path == null ? "/" : path;
  }

  /// Runs the steps; what they throw is refused.
  public void run(Runnable steps) {
    if (context.response().ended() || context.response().closed()) {
      return;
    }
    try {
      steps.run();
    } catch (RuntimeException e) {
      refuse(e);
    }
  }

  /// Goes on with the outcome, on the request's event loop.
  public <T extends @Nullable Object> void when(Uni<T> outcome, Consumer<T> done) {
    outcome
        .subscribe()
        .with(item -> back(() -> done.accept(item)), failure -> back(() -> refuse(failure)));
  }

  /// Reads the whole body of at most `limit` bytes. A longer one is refused with 413 as soon as it
  /// is known to be too long; the rest is read and dropped.
  public void body(long limit, Consumer<Buffer> done) {
    HttpServerRequest request = context.request();
    BodyCoding.check(request);
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && (length.length() > 18 || Long.parseLong(length) > limit)) {
      refuse(new Refused(tooLarge(limit, length + " bytes")));
      return;
    }
    Buffer body = Buffer.buffer();
    boolean[] over = new boolean[1];
    request.handler(
        chunk -> {
          if (over[0]) {
            return;
          }
          if (body.length() + (long) chunk.length() > limit) {
            over[0] = true;
            run(() -> refuse(new Refused(tooLarge(limit, "more"))));
          } else {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        _ -> {
          if (!over[0]) {
            run(() -> done.accept(body));
          }
        });
    request.resume();
  }

  /// The problem of a body over the limit.
  public static Problem tooLarge(long limit, String got) {
    return Problem.of(
            413,
            "too-large",
            "The body is too large",
            "Expected at most " + limit + " bytes, got " + got + ". Nothing was stored.")
        .with("limit", limit);
  }

  /// The media type of the body without its parameters, lower case; empty when there is none.
  public String mediaType() {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null) {
      return "";
    }
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /// Answers with JSON.
  public void json(int status, byte[] json) {
    HttpServerResponse response = context.response().setStatusCode(status);
    response.headers().set("content-type", "application/json").set("cache-control", "no-store");
    response.end(Buffer.buffer(json));
  }

  /// Answers with a page.
  public void html(int status, String html) {
    HttpServerResponse response = context.response().setStatusCode(status);
    Failures.retryAfter(response);
    response
        .headers()
        .set("content-type", "text/html; charset=utf-8")
        .set("cache-control", "no-store")
        .set("content-security-policy", POLICY)
        .set("x-content-type-options", "nosniff")
        .set("x-frame-options", "DENY")
        .set("referrer-policy", "same-origin");
    response.end(html);
  }

  /// Sends the browser on to another page (303).
  public void redirect(String path) {
    HttpServerResponse response = context.response().setStatusCode(303);
    response.headers().set("location", path).set("cache-control", "no-store");
    response.end();
  }

  /// Answers with problem details.
  public void problem(Problem problem) {
    HttpServerResponse response = context.response().setStatusCode(problem.status());
    Failures.retryAfter(response);
    response
        .headers()
        .set("content-type", Problem.MEDIA_TYPE)
        .set("cache-control", "no-store")
        .set("x-content-type-options", "nosniff");
    response.end(Buffer.buffer(problem.toJson()));
    context.request().resume();
  }

  /// Refuses: with the problem the failure is to the caller, or, when it is not the caller's doing,
  /// with a 500 and a line in the log; with a 503 while the database is away.
  public void refuse(Throwable failure) {
    refusals.apply(this).accept(problemOf(failure));
    context.request().resume();
  }

  /// The problem that a failure is to the editor. What is neither the editor's doing nor that of a
  /// database that is away goes to the log in full.
  public Problem problemOf(Throwable failure) {
    return Failures.problemOf(LOG, context.request(), failure);
  }

  /// Refuses what another site makes a browser send: a browser says where a request comes from.
  public void fromHere() {
    HttpServerRequest request = context.request();
    boolean foreign = FetchSite.isForeign(request);
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (!foreign && origin != null) {
      foreign = !sameHost(origin, request);
    }
    if (foreign) {
      throw new Refused(
          Problem.of(
              403,
              "foreign-origin",
              "This was sent by another site",
              "Expected a request from this site's own pages, got one from "
                  + (origin == null ? "another site" : origin)
                  + "."));
    }
  }

  private static boolean sameHost(String origin, HttpServerRequest request) {
    if (request.authority() == null) {
      return false;
    }
    try {
      URI from = URI.create(origin);
      String host = from.getHost();
      int port = from.getPort() >= 0 ? from.getPort() : "https".equals(from.getScheme()) ? 443 : 80;
      int own = request.authority().port();
      boolean samePort = own == port || (own < 0 && (port == 80 || port == 443));
      return host != null && host.equalsIgnoreCase(request.authority().host()) && samePort;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private void back(Runnable steps) {
    if (home == null || ((ContextInternal) home).nettyEventLoop().inEventLoop()) {
      run(steps);
    } else {
      home.runOnContext(_ -> run(steps));
    }
  }
}

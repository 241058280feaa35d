package dev.athanor.web;

import dev.athanor.domain.http.Failures;
import dev.athanor.domain.problem.Problem;
import io.netty.buffer.Unpooled;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Writes answers to readers: JSON, pages and refusals, each with the headers of its kind. Every
/// method is called on the request's event loop, which [#when] returns to.
public final class Answers {
  private static final Logger LOG = Logger.getLogger(Answers.class);

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence HTML = HttpHeaders.createOptimized("text/html; charset=utf-8");
  private static final CharSequence PROBLEM = HttpHeaders.createOptimized(Problem.MEDIA_TYPE);
  private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final CharSequence CSP = HttpHeaders.createOptimized("content-security-policy");
  private static final CharSequence POLICY =
      HttpHeaders.createOptimized(
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src"
              + " 'self'; media-src https: http:; base-uri 'none'; form-action 'self';"
              + " frame-ancestors 'none'");
  private static final CharSequence NO_SNIFF_NAME =
      HttpHeaders.createOptimized("x-content-type-options");
  private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence REFERRER = HttpHeaders.createOptimized("referrer-policy");
  private static final CharSequence SAME_ORIGIN =
      HttpHeaders.createOptimized("strict-origin-when-cross-origin");

  private Answers() {}

  /// Wraps bytes that nobody changes any more, without a copy; the buffer may be written many
  /// times.
  @SuppressWarnings("deprecation") // the one way to wrap without a copy in Vert.x 4
  public static Buffer buffer(byte[] bytes) {
    return Buffer.buffer(Unpooled.wrappedBuffer(bytes));
  }

  /// The path of a request; it has one by the time a route sees it.
  public static String path(RoutingContext context) {
    String path = context.request().path();
    return path == null ? "/" : path;
  }

  /// 200 with JSON.
  public static void json(RoutingContext context, Buffer body) {
    HttpServerResponse response = context.response();
    response.headers().set(HttpHeaders.CONTENT_TYPE, JSON).set(HttpHeaders.CACHE_CONTROL, NO_CACHE);
    response.end(body);
  }

  /// 200 with JSON that has an entity tag, or 304 when the reader has it already.
  public static void json(RoutingContext context, Buffer body, CharSequence tag) {
    HttpServerResponse response = context.response();
    response
        .headers()
        .set(HttpHeaders.CONTENT_TYPE, JSON)
        .set(HttpHeaders.CACHE_CONTROL, NO_CACHE)
        .set(HttpHeaders.ETAG, tag);
    String known = context.request().headers().get(HttpHeaders.IF_NONE_MATCH);
    if (known != null && known.contains(tag)) {
      response.setStatusCode(304).end();
    } else {
      response.end(body);
    }
  }

  /// A page with the headers that keep foreign content out of it.
  public static void page(RoutingContext context, int status, Buffer html) {
    HttpServerResponse response = context.response().setStatusCode(status);
    response
        .headers()
        .set(HttpHeaders.CONTENT_TYPE, HTML)
        .set(HttpHeaders.CACHE_CONTROL, NO_CACHE)
        .set(CSP, POLICY)
        .set(NO_SNIFF_NAME, NO_SNIFF)
        .set(REFERRER, SAME_ORIGIN);
    Failures.retryAfter(response);
    response.end(html);
  }

  /// A refusal as problem details.
  public static void problem(RoutingContext context, Problem problem) {
    HttpServerResponse response = context.response().setStatusCode(problem.status());
    response
        .headers()
        .set(HttpHeaders.CONTENT_TYPE, PROBLEM)
        .set(HttpHeaders.CACHE_CONTROL, NO_STORE)
        .set(NO_SNIFF_NAME, NO_SNIFF);
    Failures.retryAfter(response);
    response.end(buffer(problem.toJson()));
  }

  /// The problem a failure is to the reader. What is neither the reader's doing nor that of a
  /// database that is away goes to the log in full.
  public static Problem problemOf(RoutingContext context, Throwable failure) {
    return Failures.problemOf(LOG, context.request(), failure);
  }

  /// Lets GET and HEAD through; tells others what is allowed.
  public static boolean reads(RoutingContext context) {
    HttpMethod method = context.request().method();
    if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
      return true;
    }
    context.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
    if (method.equals(HttpMethod.OPTIONS)) {
      context.response().setStatusCode(204).end();
    } else {
      problem(
          context,
          Problem.of(
              405,
              "method-not-allowed",
              "This can only be read",
              "Expected GET or HEAD, got " + method.name() + "."));
    }
    return false;
  }

  /// Lets through whoever takes JSON; tells others that there is nothing else.
  public static boolean takesJson(RoutingContext context) {
    String accept = context.request().headers().get(HttpHeaders.ACCEPT);
    if (accept == null
        || accept.contains("*/*")
        || accept.contains("application/json")
        || accept.contains("application/*")) {
      return true;
    }
    problem(
        context,
        Problem.of(
            406,
            "not-acceptable",
            "There is only JSON here",
            "Expected Accept to allow application/json, got \"" + accept + "\"."));
    return false;
  }

  /// Runs the continuation with the outcome on the request's event loop, unless the reader is gone.
  public static <T extends @Nullable Object> void when(
      RoutingContext context, Uni<T> outcome, Consumer<T> done, Consumer<Throwable> failed) {
    Context home = Vertx.currentContext();
    outcome
        .subscribe()
        .with(
            item -> back(context, home, () -> done.accept(item), failed),
            failure -> back(context, home, () -> failed.accept(failure), failed));
  }

  private static void back(
      RoutingContext context, @Nullable Context home, Runnable answer, Consumer<Throwable> failed) {
    Runnable guarded =
        () -> {
          if (context.response().ended() || context.response().closed()) {
            return;
          }
          try {
            answer.run();
          } catch (RuntimeException e) {
            failed.accept(e);
          }
        };
    if (home == null || ((ContextInternal) home).nettyEventLoop().inEventLoop()) {
      guarded.run();
    } else {
      home.runOnContext(_ -> guarded.run());
    }
  }
}

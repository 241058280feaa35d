package dev.athanor.processor.links;

import dev.athanor.processor.outbound.Outbound;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Fetches pages that strangers name. Every address, each redirect's too, is resolved and looked at
/// by [Outbound], and the request goes to the address that was looked at. At most [#REDIRECTS]
/// redirects are followed; of a body the head is read, at most [#LONGEST_BODY] bytes, and then the
/// connection is given up; a page takes at most the time it is given, however slowly it drips.
@Singleton
class PageFetcher {
  static final int REDIRECTS = 5;
  static final int LONGEST_BODY = 1 << 20;

  private static final Pattern CHARSET =
      Pattern.compile("charset=\"?([\\w.:-]+)", Pattern.CASE_INSENSITIVE);
  private static final int CONNECT_MILLIS = 3_000;

  /// Ends what a server leaves open: more than any page is given.
  private static final int IDLE_SECONDS = 10;

  private final Vertx vertx;
  private final Outbound outbound;
  private final HttpClient client;

  @Inject
  PageFetcher(Vertx vertx, Outbound outbound) {
    this.vertx = vertx;
    this.outbound = outbound;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setMaxPoolSize(4)
                .setKeepAlive(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxHeaderSize(16_384));
  }

  /// The page at this address; empty when it is no HTML page with a title. Fails when it cannot be
  /// had, or may not.
  Future<Optional<Page>> fetch(String address, Duration within) {
    URI uri;
    try {
      uri = URI.create(address);
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
    return follow(uri, REDIRECTS, System.nanoTime() + within.toNanos());
  }

  private Future<Optional<Page>> follow(URI address, int redirects, long until) {
    return Future.fromCompletionStage(outbound.server(address).subscribeAsCompletionStage())
        .compose(server -> ask(address, server, until))
        .compose(
            response -> {
              String location = response.getHeader("location");
              if (response.statusCode() >= 300 && response.statusCode() < 400 && location != null) {
                giveUp(response);
                if (redirects == 0) {
                  return Future.failedFuture("more than " + REDIRECTS + " redirects");
                }
                return follow(address.resolve(location), redirects - 1, until);
              }
              if (response.statusCode() != 200 || !isHtml(response)) {
                giveUp(response);
                return Future.succeededFuture(Optional.empty());
              }
              return head(response, until)
                  .map(html -> Page.read(html.getBytes(), charset(response), address));
            });
  }

  private Future<HttpClientResponse> ask(URI address, SocketAddress server, long until) {
    long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    if (left <= 0) {
      return Future.failedFuture("no time is left");
    }
    String path =
        address.getRawPath() == null || address.getRawPath().isEmpty() ? "/" : address.getRawPath();
    String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
    boolean secure = "https".equalsIgnoreCase(address.getScheme());
    return client
        .request(
            new RequestOptions()
                .setServer(server)
                .setHost(address.getHost())
                .setPort(server.port())
                .setSsl(secure)
                .setMethod(HttpMethod.GET)
                .setURI(path + query)
                .setTimeout(left)
                .putHeader("accept", "text/html,application/xhtml+xml")
                .putHeader("user-agent", "Athanor link preview"))
        .compose(
            request -> {
              request.response().onSuccess(HttpClientResponse::pause);
              return request.send();
            });
  }

  /// The body up to the end of its head, or as much of it as may be read.
  private Future<Buffer> head(HttpClientResponse response, long until) {
    Promise<Buffer> read = Promise.promise();
    Buffer html = Buffer.buffer();
    HttpClientRequest request = response.request();
    // The time that the request itself was given ended with the head of its answer.
    long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
    long timer =
        vertx.setTimer(
            Math.max(1, left),
            _ -> {
              read.tryFail("the page took too long");
              request.reset();
            });
    response.handler(
        chunk -> {
          int from = Math.max(0, html.length() - 8);
          html.appendBuffer(chunk, 0, Math.min(chunk.length(), LONGEST_BODY - html.length()));
          if (html.length() >= LONGEST_BODY || hasEnd(html, from)) {
            read.tryComplete(html);
            request.reset();
          }
        });
    response.exceptionHandler(read::tryFail);
    response.endHandler(_ -> read.tryComplete(html));
    response.resume();
    return read.future().onComplete(_ -> vertx.cancelTimer(timer));
  }

  private static boolean hasEnd(Buffer html, int from) {
    String fresh = html.getString(from, html.length(), "ISO-8859-1").toLowerCase(Locale.ROOT);
    return fresh.contains("</head") || fresh.contains("<body");
  }

  private static void giveUp(HttpClientResponse response) {
    response.exceptionHandler(_ -> {}); // else our own reset would be an error in the log
    response.request().reset();
  }

  private static boolean isHtml(HttpClientResponse response) {
    String type = response.getHeader("content-type");
    return type != null
        && (type.toLowerCase(Locale.ROOT).startsWith("text/html")
            || type.toLowerCase(Locale.ROOT).startsWith("application/xhtml+xml"));
  }

  private static @Nullable String charset(HttpClientResponse response) {
    Matcher charset = CHARSET.matcher(String.valueOf(response.getHeader("content-type")));
    return charset.find() && Charset.isSupported(charset.group(1)) ? charset.group(1) : null;
  }
}

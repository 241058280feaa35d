package dev.athanor.processor.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.processor.outbound.Outbound;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageFetcherTest {
  private static final String PAGE =
      """
      <!doctype html><html><head><title>Plain title</title>
      <meta property="og:title" content="Late  winner &amp; more">
      <meta name="description" content="What happened.">
      <meta property="og:image" content="/pictures/1.jpg"></head><body>...</body></html>
      """;

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final CountDownLatch hushed = new CountDownLatch(1);
  private HttpServer server;
  private PageFetcher fetcher;

  @BeforeEach
  void start() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::answer)
            .listen(0, "0.0.0.0")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    fetcher = new PageFetcher(vertx, new Outbound(vertx, Optional.of(List.of("127.0.0.1"))));
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void fetch_page_readsItsHead() {
    Page page = fetch("/page").orElseThrow();

    assertThat(page.title()).isEqualTo("Late winner & more");
    assertThat(page.description()).isEqualTo("What happened.");
    assertThat(page.picture()).isEqualTo(address("/pictures/1.jpg"));
  }

  @Test
  void fetch_otherThanAPageWithATitle_isNothing() {
    assertThat(fetch("/json")).isEmpty();
    assertThat(fetch("/missing")).isEmpty();
    assertThat(fetch("/untitled")).isEmpty();
  }

  @Test
  void fetch_redirects_areFollowedFiveTimes() {
    assertThat(fetch("/redirect/5")).isPresent();
    assertThatThrownBy(() -> fetch("/redirect/6")).hasMessageContaining("more than 5 redirects");
  }

  @Test
  void fetch_redirectIntoTheNetwork_isForbidden() {
    for (String path : List.of("/inside", "/mapped", "/decimal", "/file")) {
      requests.set(0);
      assertThatThrownBy(() -> fetch(path)).hasRootCauseInstanceOf(Outbound.Forbidden.class);
      assertThat(requests).hasValue(1);
    }
  }

  @Test
  void fetch_addressOfTheNetwork_isForbidden() {
    for (String host : List.of("127.0.0.2", "[::1]", "10.0.0.1", "169.254.169.254", "0.0.0.0")) {
      assertThatThrownBy(() -> get("http://" + host + ":" + server.actualPort() + "/page"))
          .hasRootCauseInstanceOf(Outbound.Forbidden.class);
    }
    assertThat(requests).hasValue(0);
  }

  @Test
  void fetch_hugeBody_isReadNoFurtherThanItsLimit() {
    assertThat(fetch("/huge").orElseThrow().title()).isEqualTo("Huge");
    // Its limit is 1 MiB; the rest is what the sockets between may hold.
    assertThat(sent.get()).isLessThan(16L << 20);
  }

  @Test
  void fetch_drippingBody_endsInTime() {
    long started = System.nanoTime();

    assertThatThrownBy(() -> fetch("/drip")).isNotNull();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void fetch_silentServer_endsInTime() {
    assertThatThrownBy(() -> fetch("/silent")).isNotNull();
  }

  @Test
  void fetch_serverThatFallsSilentWithinThePage_endsInTime() throws InterruptedException {
    assertThatThrownBy(() -> fetch("/hush")).hasMessageContaining("took too long");
    assertThat(hushed.await(5, TimeUnit.SECONDS)).isTrue();
  }

  private void answer(HttpServerRequest request) {
    requests.incrementAndGet();
    int port = server.actualPort();
    String path = request.path();
    if (path.equals("/page")) {
      html(request).end(PAGE);
    } else if (path.startsWith("/redirect/")) {
      int left = Integer.parseInt(path.substring("/redirect/".length()));
      redirect(request, left == 1 ? "/page" : "/redirect/" + (left - 1));
    } else if (path.equals("/inside")) {
      redirect(request, "http://127.0.0.2:" + port + "/page");
    } else if (path.equals("/mapped")) {
      redirect(request, "http://[::ffff:127.0.0.2]:" + port + "/page");
    } else if (path.equals("/decimal")) {
      redirect(request, "http://10.0.0.1/");
    } else if (path.equals("/file")) {
      redirect(request, "file:///etc/passwd");
    } else if (path.equals("/huge")) {
      html(request).setChunked(true);
      request.response().write("<html><head><title>Huge</title><!-- ");
      more(request);
    } else if (path.equals("/drip")) {
      html(request).setChunked(true).write("<html><head><title>Drip</title>");
      vertx.setPeriodic(20, _ -> request.response().write(" "));
    } else if (path.equals("/hush")) {
      request.connection().closeHandler(_ -> hushed.countDown());
      html(request).setChunked(true).write("<html><head><title>Hush</title>");
    } else if (path.equals("/json")) {
      request.response().putHeader("content-type", "application/json").end("{}");
    } else if (path.equals("/untitled")) {
      html(request).end("<html><head></head><body>no title</body></html>");
    } else if (!path.equals("/silent")) {
      request.response().setStatusCode(404).end();
    }
  }

  private void more(HttpServerRequest request) {
    Buffer chunk = Buffer.buffer("x".repeat(64 << 10));
    request
        .response()
        .write(chunk)
        .onSuccess(
            _ -> {
              if (sent.addAndGet(chunk.length()) < (64L << 20)) {
                more(request);
              }
            });
  }

  private static HttpServerResponse html(HttpServerRequest request) {
    return request.response().putHeader("content-type", "text/html; charset=utf-8");
  }

  private static void redirect(HttpServerRequest request, String to) {
    request.response().setStatusCode(302).putHeader("location", to).end();
  }

  private String address(String path) {
    return "http://127.0.0.1:" + server.actualPort() + path;
  }

  private Optional<Page> fetch(String path) {
    return get(address(path));
  }

  private Optional<Page> get(String address) {
    return fetcher
        .fetch(address, Duration.ofSeconds(1))
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(8, TimeUnit.SECONDS)
        .join();
  }
}

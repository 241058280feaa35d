package dev.athanor.processor.links;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.processor.outbound.Outbound;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What names resolve to decides, not what they look like; 127.0.0.1 stands for the internet here.
class PageFetcherNamesTest {
  private static final String RESOLVER_OFF = "vertx.disableDnsResolver";

  private final Queue<String> askedAt = new ConcurrentLinkedQueue<>();
  private StandInNames names;
  private Vertx vertx;
  private HttpServer server;
  private PageFetcher fetcher;

  @BeforeEach
  void start() throws Exception {
    names =
        new StandInNames(
            Map.of(
                "site.example", List.of("127.0.0.1"),
                "inside.example", List.of("10.0.0.1"),
                "loop.example", List.of("127.0.0.2"),
                "metadata.example", List.of("169.254.169.254"),
                "changing.example", List.of("127.0.0.1", "127.0.0.2")));
    // Tests of applications in this JVM turn the resolver off that can be told whom to ask.
    String off = System.clearProperty(RESOLVER_OFF);
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setAddressResolverOptions(
                    new AddressResolverOptions()
                        .setServers(List.of(names.address()))
                        .setSearchDomains(List.of())
                        .setCacheMaxTimeToLive(0)));
    if (off != null) {
      System.setProperty(RESOLVER_OFF, off);
    }
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
    names.close();
  }

  @Test
  void fetch_nameOfTheInternet_isAskedByItsName() {
    assertThat(fetch("site.example", "/page").orElseThrow().title()).startsWith("site.example");
  }

  @Test
  void fetch_nameWithinTheNetwork_isForbidden() {
    for (String name : List.of("inside.example", "loop.example", "metadata.example")) {
      assertThatThrownBy(() -> fetch(name, "/page"))
          .hasRootCauseInstanceOf(Outbound.Forbidden.class);
      assertThat(names.asked(name)).isPositive();
    }
    assertThat(askedAt).isEmpty();
  }

  @Test
  void fetch_redirectToANameWithinTheNetwork_isForbidden() {
    assertThatThrownBy(() -> fetch("site.example", "/redirect/loop.example"))
        .hasRootCauseInstanceOf(Outbound.Forbidden.class);

    assertThat(askedAt).containsExactly("127.0.0.1");
  }

  @Test
  void fetch_nameThatMovesIntoTheNetworkOnceItWasLookedAt_isAskedWhereItWasLookedAt() {
    assertThat(fetch("changing.example", "/page")).isPresent();
    assertThat(names.asked("changing.example")).isOne();

    assertThatThrownBy(() -> fetch("changing.example", "/page"))
        .hasRootCauseInstanceOf(Outbound.Forbidden.class);
    assertThat(askedAt).containsExactly("127.0.0.1");
  }

  @Test
  void fetch_redirectToItselfOfANameThatMoves_isForbidden() {
    assertThatThrownBy(() -> fetch("changing.example", "/redirect/changing.example"))
        .hasRootCauseInstanceOf(Outbound.Forbidden.class);

    assertThat(askedAt).containsExactly("127.0.0.1");
  }

  private void answer(HttpServerRequest request) {
    askedAt.add(request.localAddress().hostAddress());
    String to = request.path().replaceFirst("^/redirect/", "");
    if (to.equals(request.path())) {
      request
          .response()
          .putHeader("content-type", "text/html")
          .end("<html><head><title>" + request.getHeader("host") + "</title></head></html>");
    } else {
      request
          .response()
          .setStatusCode(302)
          .putHeader("location", "http://" + to + ":" + server.actualPort() + "/page")
          .end();
    }
  }

  private Optional<Page> fetch(String name, String path) {
    return fetcher
        .fetch("http://" + name + ":" + server.actualPort() + path, Duration.ofSeconds(5))
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(8, TimeUnit.SECONDS)
        .join();
  }
}

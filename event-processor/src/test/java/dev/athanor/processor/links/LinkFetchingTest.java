package dev.athanor.processor.links;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.links.LinkCard;
import dev.athanor.domain.links.LinkCards;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LinkFetchingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Inject Vertx vertx;
  @Inject Posts posts;
  @Inject LinkCards cards;

  @Test
  void story_withLinks_hasTheCardsOfThoseThatAnswer() {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .requestHandler(
                request -> {
                  asked.incrementAndGet();
                  request
                      .response()
                      .putHeader("content-type", "text/html")
                      .end("<html><head><title>Page " + request.path() + "</title></head></html>");
                })
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    String site = "http://127.0.0.1:" + server.actualPort();
    String text =
        "Read %s/a and %s/b, not http://127.0.0.2/c nor http://10.0.0.1/d.".formatted(site, site);

    Post first = publish(text);
    Awaitility.await().atMost(PATIENCE).until(() -> of(first).size() == 2);
    Post second = publish(text);
    Awaitility.await().atMost(PATIENCE).until(() -> of(second).size() == 2);

    assertThat(of(first).stream().map(LinkCard::title)).containsExactly("Page /a", "Page /b");
    assertThat(of(first).getFirst().host()).isEqualTo("127.0.0.1");
    assertThat(asked).hasValue(2);
    posts.withdraw(first.id()).await().atMost(PATIENCE);
    Awaitility.await().atMost(PATIENCE).until(() -> of(first).isEmpty());
    assertThat(of(second)).hasSize(2);
    server.close().toCompletionStage().toCompletableFuture().join();
  }

  private Post publish(String text) {
    return posts
        .create(
            new Draft("article", "With links", null, text, null, List.of("football"), false, true))
        .await()
        .atMost(PATIENCE);
  }

  private List<LinkCard> of(Post post) {
    return cards.of(post.id()).await().atMost(PATIENCE);
  }
}

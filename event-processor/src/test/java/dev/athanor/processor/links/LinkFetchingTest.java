package dev.athanor.processor.links;

import static org.assertj.core.api.Assertions.assertThat;

import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Field;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostChange;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.links.LinkCard;
import dev.athanor.domain.links.LinkCards;
import dev.athanor.domain.outbox.DomainEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LinkFetchingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Inject Vertx vertx;
  @Inject Posts posts;
  @Inject LinkCards cards;
  @Inject LinkFetching consumer;
  @Inject Pool pool;

  @Test
  void story_withLinks_hasTheCardsOfThoseThatAnswer() {
    AtomicInteger asked = new AtomicInteger();
    HttpServer server =
        serve(
            request -> {
              asked.incrementAndGet();
              title(request, "Page " + request.path());
            });
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
    close(server);
  }

  @Test
  void story_thatIsALink_hasTheCardOfItsAddress() {
    HttpServer server = serve(request -> title(request, "Page " + request.path()));
    String site = "http://127.0.0.1:" + server.actualPort();

    Post story =
        create(
            new Draft(
                "link",
                "Worth reading",
                null,
                "Also %s/b and %s/a.".formatted(site, site),
                site + "/a",
                List.of("football"),
                false,
                true));

    Awaitility.await().atMost(PATIENCE).until(() -> of(story).size() == 2);
    assertThat(of(story).stream().map(LinkCard::title)).containsExactly("Page /a", "Page /b");
    close(server);
  }

  /// The servers answer when so many ask at once, and one page never comes.
  @Test
  void story_withManyLinks_hasThemAllFetchedSideBySideWithinABoundAndATime() {
    Queue<HttpServerRequest> asked = new ConcurrentLinkedQueue<>();
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicBoolean answering = new AtomicBoolean();
    Handler<HttpServerRequest> page =
        request -> {
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          if (request.path().endsWith("/never")) {
            return;
          }
          asked.add(request);
          if (underWay.get() >= LinkFetching.AT_ONCE) {
            answering.set(true);
          }
          while (answering.get() && !asked.isEmpty()) {
            HttpServerRequest next = asked.poll();
            if (next != null) {
              underWay.decrementAndGet();
              title(next, "A page");
            }
          }
        };
    // A host is asked by few at once, so there are many.
    List<HttpServer> hosts = Stream.generate(() -> serve(page)).limit(9).toList();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 45; i++) {
      text.append("http://127.0.0.1:%d/%d ".formatted(hosts.get(i % 9).actualPort(), i));
    }
    text.append("http://127.0.0.1:%d/never".formatted(hosts.getFirst().actualPort()));

    Post story = publish(text.toString());

    Awaitility.await().atMost(PATIENCE).until(() -> !of(story).isEmpty());
    assertThat(of(story)).hasSize(45);
    assertThat(most).hasValueBetween(LinkFetching.AT_ONCE, LinkFetching.AT_ONCE + 1);
    hosts.forEach(LinkFetchingTest::close);
  }

  @Test
  void event_ofAStoryWhoseLinksDoNotAnswer_isDoneAtOnce() {
    HttpServer silent = serve(_ -> {});
    Post story = publish("See http://127.0.0.1:" + silent.actualPort() + "/never.");

    consumer
        .apply(List.of(event(DomainEvent.POST_UPDATED, story, 1)))
        .await()
        .atMost(Duration.ofSeconds(3));
    close(silent);
  }

  @Test
  void story_withdrawnWhileItsLinksAreFetched_hasNoCards() {
    Queue<HttpServerRequest> asked = new ConcurrentLinkedQueue<>();
    HttpServer slow = serve(asked::add);
    Post story = publish("See http://127.0.0.1:" + slow.actualPort() + "/slow.");
    Awaitility.await().atMost(PATIENCE).until(() -> !asked.isEmpty());

    posts.withdraw(story.id()).await().atMost(PATIENCE);
    title(asked.remove(), "Too late");

    Awaitility.await().atMost(PATIENCE).until(() -> rows("work WHERE key = $1::text", story) == 0);
    assertThat(rows("link_cards WHERE post_id = $1::text::uuid", story)).isZero();
    close(slow);
  }

  @Test
  void publication_comingAgainAfterTheWithdrawal_bringsNoCardsBack() {
    HttpServer server = serve(request -> title(request, "A page"));
    Post story = publish("See http://127.0.0.1:" + server.actualPort() + "/page.");
    Awaitility.await().atMost(PATIENCE).until(() -> of(story).size() == 1);
    posts.withdraw(story.id()).await().atMost(PATIENCE);
    Awaitility.await().atMost(PATIENCE).until(() -> of(story).isEmpty());

    consumer.apply(List.of(event(DomainEvent.POST_PUBLISHED, story, 1))).await().atMost(PATIENCE);

    Awaitility.await().atMost(PATIENCE).until(() -> rows("work WHERE key = $1::text", story) == 0);
    assertThat(rows("link_cards WHERE post_id = $1::text::uuid", story)).isZero();
    close(server);
  }

  @Test
  void story_changedToHaveNoLinks_hasNoCards() {
    HttpServer server = serve(request -> title(request, "A page"));
    Post story = publish("See http://127.0.0.1:" + server.actualPort() + "/page.");
    Awaitility.await().atMost(PATIENCE).until(() -> of(story).size() == 1);

    posts
        .change(
            story.id(),
            new PostChange(
                Field.absent(),
                Field.absent(),
                Field.absent(),
                Field.of("See for yourself."),
                Field.absent(),
                Field.absent(),
                Field.absent(),
                Field.absent()))
        .await()
        .atMost(PATIENCE);

    Awaitility.await().atMost(PATIENCE).until(() -> of(story).isEmpty());
    close(server);
  }

  private HttpServer serve(Handler<HttpServerRequest> handler) {
    return vertx
        .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
        .requestHandler(handler)
        .listen()
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private static void close(HttpServer server) {
    server.close().toCompletionStage().toCompletableFuture().join();
  }

  private static void title(HttpServerRequest request, String title) {
    request
        .response()
        .putHeader("content-type", "text/html")
        .end("<html><head><title>" + title + "</title></head></html>");
  }

  private static DomainEvent event(String type, Post post, long seq) {
    return new DomainEvent(
        UUID.randomUUID(),
        seq,
        type,
        post.id().toString(),
        PostJson.encode(post),
        post.streams(),
        Instant.now());
  }

  private long rows(String of, Post story) {
    return pool.preparedQuery("SELECT count(*) FROM " + of)
        .execute(Tuple.of(story.id().toString()))
        .await()
        .atMost(PATIENCE)
        .iterator()
        .next()
        .getLong(0);
  }

  private Post publish(String text) {
    return create(
        new Draft("article", "With links", null, text, null, List.of("football"), false, true));
  }

  private Post create(Draft draft) {
    return posts.create(draft).await().atMost(PATIENCE);
  }

  private List<LinkCard> of(Post post) {
    return cards.of(post.id()).await().atMost(PATIENCE);
  }
}

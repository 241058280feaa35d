package dev.athanor.web.pages;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.links.LinkCard;
import dev.athanor.domain.links.LinkCards;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
class StoryLinksTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Inject Posts posts;
  @Inject LinkCards cards;
  @Inject Pool pool;

  @Test
  void story_withCards_showsThemAsText() {
    Post post =
        posts
            .create(new Draft("article", "A", null, "Text", null, List.of("football"), false, true))
            .await()
            .atMost(SOON);
    given().get("/stories/" + post.id()).then().body(not(containsString("class=\"links\"")));
    LinkCard card =
        new LinkCard(
            "https://example.org/1", "example.org", "<b>Bold</b> claim", "What it says", null);
    pool.withTransaction(transaction -> cards.store(transaction, post.id(), List.of(card), 7))
        .await()
        .atMost(SOON);
    LinkCard older = new LinkCard("https://example.org/2", "example.org", "Older", null, null);
    pool.withTransaction(transaction -> cards.store(transaction, post.id(), List.of(older), 6))
        .await()
        .atMost(SOON);

    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                given()
                    .get("/stories/" + post.id())
                    .then()
                    .statusCode(200)
                    .body(containsString("&lt;b&gt;Bold&lt;/b&gt; claim"))
                    .body(containsString("What it says"))
                    .body(containsString("href=\"https://example.org/1\""))
                    .body(not(containsString("Older"))));
  }
}

package dev.athanor.apps.umbrella;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.restassured.RestAssured.given;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.athanor.domain.fixtures.Feed;
import dev.athanor.domain.fixtures.Fixtures;
import dev.athanor.domain.fixtures.MatchState;
import dev.athanor.domain.fixtures.ParsedFeed;
import dev.athanor.domain.fixtures.ParsedFeed.ParsedMatch;
import dev.athanor.domain.fixtures.TimelineEvent;
import dev.athanor.domain.fixtures.TimelineEvent.Kind;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What readers' pages do by the unmodified Phoenix client: a match live, streams followed. */
@QuarkusTest
class ReaderBrowserTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  @Inject Fixtures fixtures;

  @TestHTTPResource("/")
  String base;

  private final List<String> troubles = new ArrayList<>();
  private Playwright playwright;
  private BrowserContext reader;

  @BeforeEach
  void open() {
    Path chromium = Tools.require("chromium");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    .setArgs(List.of("--headless", "--no-sandbox", "--disable-gpu")));
    reader = browser.newContext();
  }

  @AfterEach
  void close() {
    playwright.close();
    Assertions.assertThat(troubles).as("errors in the pages").isEmpty();
  }

  @Test
  void match_opened_showsEachMomentWithoutReload() {
    MatchState match = kickedOff();
    Page page = page("matches/" + match.id());
    assertThat(page.locator("[data-state]")).hasAttribute("data-state", "live");
    assertThat(page.locator("[data-score]")).hasText("0–0");
    page.evaluate("document.body.dataset.mark = 'never reloaded'");

    Assertions.assertThat(fixtures.advance(match.id(), 1).await().atMost(SOON)).isTrue();
    assertThat(page.locator("[data-score]")).hasText("1–0");
    assertThat(page.locator("[data-moments] li").first()).containsText("Goal! Ada");
    Assertions.assertThat(fixtures.advance(match.id(), 2).await().atMost(SOON)).isTrue();
    assertThat(page.locator("[data-phase]")).hasText("Full time");
    assertThat(page.locator("[data-moments] li")).hasCount(3);
    assertThat(page.locator("body")).hasAttribute("data-mark", "never reloaded");
  }

  @Test
  void stream_followedInOnePage_isFollowedInTheOtherAndBringsBreakingNews() {
    Page first = page("streams/motorsport");
    Locator follow = first.locator("[data-follow]");
    assertThat(follow).hasText("Follow");
    follow.click();
    assertThat(follow).hasText("Following");

    Page second = page("streams/motorsport");
    Locator followed = second.locator("[data-follow]");
    assertThat(followed).hasText("Following");
    followed.click();
    assertThat(followed).hasText("Follow");
    assertThat(follow).hasText("Follow");
    follow.click();
    assertThat(followed).hasText("Following");

    Page elsewhere = page("streams/tennis");
    assertThat(elsewhere.locator("[data-state]")).hasAttribute("data-state", "live");
    String headline = "Last lap " + UUID.randomUUID();
    given()
        .auth()
        .preemptive()
        .basic("editor", Desk.PASSWORD)
        .contentType("application/json")
        .body(
            """
            {"type":"article","title":"%s","body":"By a wheel.","streams":["motorsport"],
             "breaking":true,"publish":true}
            """
                .formatted(headline))
        .post("/api/cms/posts")
        .then()
        .statusCode(201);
    assertThat(elsewhere.locator(".toast")).containsText(headline);
  }

  /** A match that has kicked off and, at the speed of life, does nothing more by itself. */
  private MatchState kickedOff() {
    List<TimelineEvent> timeline =
        List.of(
            moment(Kind.KICK_OFF, 0, 0, null, 0),
            moment(Kind.GOAL, 30, 1, "Ada", 1),
            moment(Kind.FULL_TIME, 90, 0, null, 1));
    String name = "Browser Cup " + UUID.randomUUID();
    ParsedMatch parsed =
        new ParsedMatch(null, null, "Home of " + name, "Away of " + name, timeline);
    Feed feed =
        fixtures
            .importFeed(
                new ParsedFeed("openfootball", name, UUID.randomUUID().toString(), List.of(parsed)),
                1)
            .await()
            .atMost(SOON);
    MatchState match = fixtures.matches(feed.id()).await().atMost(SOON).getFirst();
    Awaitility.await()
        .atMost(SOON)
        .until(() -> fixtures.match(match.id()).await().atMost(SOON).step() == 1);
    return match;
  }

  private static TimelineEvent moment(Kind kind, int minute, int side, String scorer, int score) {
    return new TimelineEvent(
        kind, minute, 0, Duration.ofMinutes(minute), side, scorer, score, 0, null);
  }

  private Page page(String path) {
    Page page = reader.newPage();
    page.onPageError(troubles::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            troubles.add(message.text());
          }
        });
    page.navigate(base + path);
    return page;
  }
}

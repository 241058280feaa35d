package dev.athanor.apps.umbrella;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.restassured.RestAssured.given;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An editor and a reader, each in a browser of their own. */
@QuarkusTest
class NewsBrowserTest {
  private static final List<String> FLAGS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private static Playwright playwright;
  private static Browser browser;

  @TestHTTPResource("/")
  String base;

  private final List<String> troubles = new ArrayList<>();
  private BrowserContext editor;
  private BrowserContext reader;

  @BeforeAll
  static void launch() {
    String chromium = Tools.require("chromium").toString();
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(java.nio.file.Path.of(chromium))
                    .setArgs(FLAGS));
  }

  @AfterAll
  static void quit() {
    if (playwright != null) {
      playwright.close();
    }
  }

  @BeforeEach
  void open() {
    editor = browser.newContext();
    reader = browser.newContext(new Browser.NewContextOptions().setViewportSize(390, 844));
  }

  @AfterEach
  void close() {
    editor.close();
    reader.close();
    Assertions.assertThat(troubles).as("errors in the pages").isEmpty();
  }

  @Test
  void reader_onAStreamsPage_seesAStoryPublishedChangedAndWithdrawnWithoutReload() {
    Page page = watched(reader);
    page.navigate(base + "streams/basketball");
    assertThat(page.locator("[data-state]")).hasAttribute("data-state", "live");
    page.evaluate("document.body.dataset.mark = 'never reloaded'");

    Page desk = watched(editor);
    logIn(desk);
    desk.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("New post")).click();
    desk.getByLabel("Title").fill("Overtime in the derby");
    desk.getByLabel("Text").fill("Nobody left the hall before midnight.");
    desk.getByLabel("Add streams").fill("basketball");
    desk.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Preview")).click();
    assertThat(desk.getByLabel("Preview", new Page.GetByLabelOptions().setExact(true)))
        .containsText("Overtime in the derby");
    desk.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Publish as breaking"))
        .click();

    Locator card =
        page.locator("#posts > li", new Page.LocatorOptions().setHasText("Overtime in the derby"));
    assertThat(card).isVisible();
    assertThat(card).containsText(Pattern.compile("breaking", Pattern.CASE_INSENSITIVE));

    desk.navigate(base + "cms");
    desk.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Overtime in the derby"))
        .click();
    desk.getByLabel("Title").fill("Double overtime in the derby");
    desk.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Save changes")).click();
    Locator changed =
        page.locator(
            "#posts > li", new Page.LocatorOptions().setHasText("Double overtime in the derby"));
    assertThat(changed).isVisible();

    desk.navigate(base + "cms");
    Locator row =
        desk.locator(".row", new Page.LocatorOptions().setHasText("Double overtime in the derby"));
    row.locator("summary").click();
    row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Withdraw now")).click();
    assertThat(changed).hasCount(0);
    assertThat(page.locator("body")).hasAttribute("data-mark", "never reloaded");
  }

  @Test
  void readers_onAStorysPage_talkAndAnEditorRemovesAMessage() {
    String id =
        given()
            .auth()
            .preemptive()
            .basic("editor", Desk.PASSWORD)
            .contentType("application/json")
            .body(
                """
                {"type":"article","title":"A final to talk about","body":"It was close.",
                 "streams":["news"],"publish":true}
                """)
            .post("/api/cms/posts")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    Page phone = watched(reader);
    phone.navigate(base + "stories/" + id);
    assertThat(phone.locator("[data-here]")).containsText("Nobody");
    phone.getByLabel("Your nickname").fill("Ada");
    phone.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Join in")).click();
    assertThat(phone.locator("[data-here]")).containsText("Ada");
    Page desk = watched(editor);
    desk.navigate(base + "stories/" + id);
    assertThat(desk.locator("[data-here]")).containsText("Ada");

    phone.getByLabel("Your message").fill("<img src=x onerror=alert(1)> what a goal");
    phone.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Send")).click();
    Locator line = desk.getByRole(AriaRole.LOG).locator("li");
    assertThat(line).containsText("<img src=x onerror=alert(1)> what a goal");
    assertThat(line.locator("img")).hasCount(0);
    assertThat(phone.getByLabel("Your message")).hasValue("");
    Assertions.assertThat(
            phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
        .isEqualTo(true);

    given()
        .auth()
        .preemptive()
        .basic("editor", Desk.PASSWORD)
        .delete("/api/cms/messages/" + line.getAttribute("data-id"))
        .then()
        .statusCode(204);
    assertThat(line).hasCount(0);
    phone.close();
    assertThat(desk.locator("[data-here]")).containsText("Nobody");
  }

  @Test
  void editor_withAWrongPassword_staysOutside() {
    Page desk = watched(editor);
    desk.navigate(base + "cms");
    desk.getByLabel("Name").fill("editor");
    desk.getByLabel("Password").fill("not the password");
    desk.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log in")).click();
    assertThat(desk.getByRole(AriaRole.ALERT)).isVisible();
    assertThat(desk.getByLabel("Password")).isVisible();
    troubles.removeIf(trouble -> trouble.contains("401"));
  }

  private void logIn(Page desk) {
    desk.navigate(base + "cms");
    desk.getByLabel("Name").fill("editor");
    desk.getByLabel("Password").fill(Desk.PASSWORD);
    desk.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log in")).click();
    assertThat(desk.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("New post")))
        .isVisible();
  }

  private Page watched(BrowserContext context) {
    Page page = context.newPage();
    page.onPageError(error -> troubles.add(error));
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            troubles.add(message.text());
          }
        });
    return page;
  }
}

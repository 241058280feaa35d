package dev.athanor.cms.desk;

import dev.athanor.cms.Exchange;
import dev.athanor.cms.access.Access;
import dev.athanor.cms.access.Sessions;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// The routes of the editors' pages. All but the login want a session; every form carries the
/// session's token, and comes from this site.
@ApplicationScoped
public class DeskRoutes {
  private static final String CMS = "/cms";
  private static final String WRONG = "That name and password do not belong together.";

  private final Access access;
  private final Sessions sessions;
  private final PostPages posts;
  private final FeedPages feeds;
  private final CampaignPages campaigns;
  private final ChatPages chats;

  @Inject
  DeskRoutes(
      Access access,
      Sessions sessions,
      PostPages posts,
      FeedPages feeds,
      CampaignPages campaigns,
      ChatPages chats) {
    this.access = access;
    this.sessions = sessions;
    this.posts = posts;
    this.feeds = feeds;
    this.campaigns = campaigns;
    this.chats = chats;
  }

  void routes(@Observes Router router) {
    router.route(CMS + "/*").handler(this::answer);
  }

  private void answer(RoutingContext context) {
    String path = Exchange.path(context);
    if (path.startsWith("/cms/assets/")) {
      context.next();
      return;
    }
    Browser browser = Browser.of(context, sessions);
    browser.exchange().run(() -> dispatch(browser, path.substring(CMS.length())));
  }

  private void dispatch(Browser browser, String path) {
    HttpMethod method = browser.context().request().method();
    boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    if (!reads && !method.equals(HttpMethod.POST)) {
      browser.context().response().putHeader("allow", "GET, HEAD, POST");
      throw new Refused(
          Problem.of(
              405,
              "method-not-allowed",
              "Pages are read and forms are posted",
              "Expected GET or POST, got " + method + "."));
    }
    if (path.equals("/login")) {
      login(browser, reads);
    } else if (!browser.session().isEditor() && !reads && PostPages.isEditor(path)) {
      posts.answer(browser, path, false);
    } else if (!browser.session().isEditor()) {
      String next = URLEncoder.encode(CMS + path, StandardCharsets.UTF_8);
      browser.exchange().redirect("/cms/login" + (reads ? "?next=" + next : ""));
      browser.context().request().resume();
    } else if (path.equals("/logout") && !reads) {
      browser.form(
          _ -> {
            Browser.forget(browser.context());
            browser.exchange().redirect("/cms/login");
          });
    } else if (path.startsWith("/feeds")) {
      feeds.answer(browser, path.substring("/feeds".length()), reads);
    } else if (path.equals("/campaigns") || path.startsWith("/campaigns/")) {
      campaigns.answer(browser, path.substring("/campaigns".length()), reads);
    } else if (path.startsWith("/chats/")) {
      chats.answer(browser, path.substring("/chats".length()), reads);
    } else {
      posts.answer(browser, path, reads);
    }
  }

  private void login(Browser browser, boolean reads) {
    if (reads) {
      String next = browser.exchange().query().first("next");
      browser.page(
          200, Templates.login(browser.session(), "", null, inside(next == null ? "" : next)));
      return;
    }
    browser.form(
        form -> {
          String user = form.text("user").strip();
          SocketAddress address = browser.context().request().remoteAddress();
          String next = inside(form.text("next"));
          browser
              .exchange()
              .when(
                  access.check(
                      address == null ? "" : address.hostAddress(), user, form.text("password")),
                  right -> {
                    if (right) {
                      Browser.keep(browser.context(), sessions.login(user));
                      browser.exchange().redirect(next);
                    } else {
                      browser.page(401, Templates.login(browser.session(), user, WRONG, next));
                    }
                  });
        });
  }

  /// A path below /cms, whatever was asked for: nobody is sent elsewhere after the login.
  static String inside(String next) {
    boolean below = next.matches("/cms(/[A-Za-z0-9/_-]*)?(\\?[A-Za-z0-9=&_-]*)?");
    return below && !next.contains("//") && !next.startsWith("/cms/login") ? next : CMS;
  }
}

package dev.athanor.cms.desk;

import dev.athanor.cms.Exchange;
import dev.athanor.cms.access.Sessions;
import dev.athanor.cms.access.Sessions.Session;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request of an editor's browser: its session, its forms, its pages.
final class Browser {
  static final String COOKIE = "athanor-cms";
  private static final long LARGEST_FORM = 1 << 20;

  private final Exchange exchange;
  private final Session session;

  private Browser(RoutingContext context, Sessions sessions) {
    Cookie cookie = context.request().getCookie(COOKIE);
    Session known = sessions.read(cookie == null ? null : cookie.getValue());
    this.session = known != null ? known : sessions.visit();
    this.exchange = Exchange.page(context, _ -> this::refusal);
    if (known == null) {
      keep(context, session);
    }
  }

  static Browser of(RoutingContext context, Sessions sessions) {
    context.request().pause();
    return new Browser(context, sessions);
  }

  Session session() {
    return session;
  }

  Exchange exchange() {
    return exchange;
  }

  RoutingContext context() {
    return exchange.context();
  }

  /// Reads a form that this session's own page has sent.
  void form(Consumer<Form> done) {
    anyForm(
        form -> {
          sent(form.first("form_token"));
          done.accept(form);
        });
  }

  /// Reads a form that a page of this site has sent, which may be older than the session.
  void anyForm(Consumer<Form> done) {
    exchange.fromHere();
    exchange.body(LARGEST_FORM, body -> done.accept(Form.of(body)));
  }

  /// Refuses a form without the session's token.
  void sent(@Nullable String token) {
    if (!session.sent(token)) {
      throw new Refused(
          Problem.of(
              403,
              "stale-form",
              "This form is no longer valid",
              "Expected a form of this session, got an older or foreign one. Go back, load the"
                  + " page again and send it once more."));
    }
  }

  void page(int status, TemplateInstance template) {
    exchange.when(
        Uni.createFrom().completionStage(template::renderAsync),
        html -> {
          exchange.html(status, html);
          context().request().resume();
        });
  }

  static void keep(RoutingContext context, Session session) {
    long seconds = Duration.between(Instant.now(), session.until()).toSeconds();
    cookie(context, session.token(), Math.max(0, seconds));
  }

  static void forget(RoutingContext context) {
    cookie(context, "", 0);
  }

  private static void cookie(RoutingContext context, String value, long seconds) {
    context
        .response()
        .addCookie(
            Cookie.cookie(COOKIE, value)
                .setPath("/cms")
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.LAX)
                .setSecure("https".equals(context.request().scheme()))
                .setMaxAge(seconds));
  }

  private void refusal(Problem problem) {
    String html = Templates.refusal(session, problem).render();
    exchange.html(problem.status(), html);
  }
}

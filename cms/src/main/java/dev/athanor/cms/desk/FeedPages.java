package dev.athanor.cms.desk;

import dev.athanor.cms.Exchange;
import dev.athanor.cms.feeds.FeedRequest;
import dev.athanor.cms.feeds.Feeds;
import dev.athanor.cms.feeds.Feeds.Watched;
import dev.athanor.cms.feeds.MatchView;
import dev.athanor.cms.feeds.OpenFootball;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.InvalidContent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// Bringing a feed and watching it being played.
@ApplicationScoped
class FeedPages {
  private static final String SPEED = "600";
  private static final long FORM_AROUND_FILE = 64 << 10;

  private final Feeds feeds;

  @Inject
  FeedPages(Feeds feeds) {
    this.feeds = feeds;
  }

  void answer(Browser browser, String path, boolean reads) {
    if (path.isEmpty() || path.equals("/")) {
      if (reads) {
        browser.page(200, Templates.upload(browser.session(), SPEED, null));
      } else {
        browser.exchange().fromHere();
        upload(browser);
      }
    } else if (reads) {
      show(browser, path.substring(1));
    } else {
      throw PostPages.nothingHere("/feeds" + path);
    }
  }

  private void show(Browser browser, String text) {
    UUID id;
    try {
      id = UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw new Refused(Feeds.unknown(text));
    }
    browser
        .exchange()
        .when(
            feeds.watch(id),
            watched -> {
              if (watched == null) {
                throw new Refused(Feeds.unknown(text));
              }
              browser.page(200, page(browser, watched));
            });
  }

  private static io.quarkus.qute.TemplateInstance page(Browser browser, Watched watched) {
    Instant now = Instant.now();
    List<MatchView> matches =
        watched.matches().stream().map(match -> new MatchView(match, now)).toList();
    int steps = Math.max(1, watched.progress().steps());
    return Templates.feed(
        browser.session(), watched, matches, watched.progress().stepsDone() * 100 / steps);
  }

  private void upload(Browser browser) {
    HttpServerRequest request = browser.context().request();
    String length = request.getHeader("content-length");
    if (length == null
        || length.length() > 18
        || Long.parseLong(length) > Feeds.LARGEST_FILE + FORM_AROUND_FILE) {
      String got = length == null ? "a body of unknown length" : length + " bytes";
      throw new Refused(Exchange.tooLarge(Feeds.LARGEST_FILE, got));
    }
    Buffer file = Buffer.buffer();
    request.setExpectMultipart(true);
    request.uploadHandler(
        upload -> {
          if (upload.name().equals("file")) {
            upload.handler(file::appendBuffer);
          }
        });
    request.endHandler(_ -> browser.exchange().run(() -> bring(browser, request, file.getBytes())));
    request.resume();
  }

  private void bring(Browser browser, HttpServerRequest request, byte[] file) {
    browser.sent(request.getFormAttribute("form_token"));
    String speed = request.getFormAttribute("speed");
    String shown = speed == null ? SPEED : speed;
    var brought =
        io.smallrye.mutiny.Uni.createFrom()
            .deferred(() -> feeds.bring(FeedRequest.of(OpenFootball.FORMAT, shown), file))
            .onItem()
            .transform(Object.class::cast)
            .onFailure(failure -> problem(failure) != null)
            .recoverWithItem(failure -> failure);
    browser
        .exchange()
        .when(
            brought,
            result -> {
              if (result instanceof Throwable failure) {
                Problem problem = java.util.Objects.requireNonNull(problem(failure));
                browser.page(problem.status(), Templates.upload(browser.session(), shown, problem));
              } else {
                UUID id = ((Watched) result).progress().feed().id();
                browser.exchange().redirect("/cms/feeds/" + id);
              }
            });
  }

  private static @org.jspecify.annotations.Nullable Problem problem(Throwable failure) {
    if (failure instanceof InvalidContent invalid) {
      List<FieldError> errors = invalid.errors();
      return Problem.invalid(errors);
    }
    return failure instanceof Refused refused ? refused.problem() : null;
  }
}

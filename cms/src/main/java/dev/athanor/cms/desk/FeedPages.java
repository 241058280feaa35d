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
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

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

  private static TemplateInstance page(Browser browser, Watched watched) {
    Instant now = Instant.now();
    List<MatchView> matches =
        watched.matches().stream().map(match -> new MatchView(match, now)).toList();
    int steps = Math.max(1, watched.progress().steps());
    return Templates.feed(
        browser.session(), watched, matches, watched.progress().stepsDone() * 100 / steps);
  }

  private void upload(Browser browser) {
    HttpServerRequest request = browser.context().request();
    Exchange exchange = browser.exchange();
    String length = request.getHeader("content-length");
    if (length != null
        && (length.length() > 18
            || Long.parseLong(length) > Feeds.LARGEST_FILE + FORM_AROUND_FILE)) {
      throw new Refused(Exchange.tooLarge(Feeds.LARGEST_FILE, length + " bytes"));
    }
    if (!exchange.mediaType().equals("multipart/form-data")) {
      throw new Refused(notAForm("Expected multipart/form-data, got " + exchange.mediaType()));
    }
    Buffer file = Buffer.buffer();
    AtomicBoolean refused = new AtomicBoolean();
    request.setExpectMultipart(true);
    request.uploadHandler(upload -> upload.handler(chunk -> add(exchange, refused, file, chunk)));
    request.exceptionHandler(
        failure -> {
          if (refused.compareAndSet(false, true)) {
            exchange.run(() -> exchange.refuse(new Refused(notAForm(failure.getMessage()))));
          }
        });
    request.endHandler(
        _ -> {
          if (!refused.get()) {
            exchange.run(() -> bring(browser, request, file.getBytes()));
          }
        });
    request.resume();
  }

  private static void add(Exchange exchange, AtomicBoolean refused, Buffer file, Buffer chunk) {
    if (refused.get()) {
      return;
    }
    if (file.length() + (long) chunk.length() <= Feeds.LARGEST_FILE) {
      file.appendBuffer(chunk);
    } else {
      refused.set(true);
      exchange.run(
          () -> exchange.refuse(new Refused(Exchange.tooLarge(Feeds.LARGEST_FILE, "more"))));
    }
  }

  private static Problem notAForm(@Nullable String what) {
    return Problem.of(
        400, "bad-form", "The form could not be read", what + ". Nothing was stored.");
  }

  private void bring(Browser browser, HttpServerRequest request, byte[] file) {
    browser.sent(request.getFormAttribute("form_token"));
    String speed = request.getFormAttribute("speed");
    String shown = speed == null ? SPEED : speed;
    Uni<Object> brought =
        Uni.createFrom()
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
                Problem problem = Objects.requireNonNull(problem(failure));
                browser.page(problem.status(), Templates.upload(browser.session(), shown, problem));
              } else {
                UUID id = ((Watched) result).progress().feed().id();
                browser.exchange().redirect("/cms/feeds/" + id);
              }
            });
  }

  private static @Nullable Problem problem(Throwable failure) {
    if (failure instanceof InvalidContent invalid) {
      List<FieldError> errors = invalid.errors();
      return Problem.invalid(errors);
    }
    return failure instanceof Refused refused ? refused.problem() : null;
  }
}

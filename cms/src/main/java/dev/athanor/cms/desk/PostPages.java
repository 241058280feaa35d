package dev.athanor.cms.desk;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.athanor.cms.access.Sessions.Session;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostStatus;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.problem.Problem;
import dev.athanor.domain.problem.Refused;
import dev.athanor.domain.streams.Cursor;
import dev.athanor.domain.streams.Streams;
import dev.athanor.domain.validation.FieldError;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The desk and the editor. What an editor typed is never lost to an error: the form comes back
/// with it, and with what is wrong beside each field.
@ApplicationScoped
class PostPages {
  private static final int DESK = 30;
  private static final int SUGGESTIONS = 12;
  private static final FieldError LOGIN_IS_OVER =
      new FieldError(
          "login",
          "this page to be no older than your login (log in at /cms/login in another window if it"
              + " is over, then save here once more)",
          "an older page");
  private static final Pattern EDITOR = Pattern.compile("/posts/(new|[0-9a-f-]{36})");
  private static final Pattern BLANK_LINES = Pattern.compile("\\R\\s*\\R");

  private final Posts posts;
  private final Streams streams;

  @Inject
  PostPages(Posts posts, Streams streams) {
    this.posts = posts;
    this.streams = streams;
  }

  void answer(Browser browser, String path, boolean reads) {
    if (path.isEmpty() || path.equals("/")) {
      readsOnly(reads);
      desk(browser);
    } else if (path.equals("/streams")) {
      readsOnly(reads);
      suggest(browser);
    } else if (path.equals("/posts/new")) {
      if (reads) {
        String type = browser.exchange().query().first("type");
        editor(browser, 200, PostForm.blank(type == null ? "article" : type), null);
      } else {
        posted(browser, null);
      }
    } else if (path.startsWith("/posts/") && path.endsWith("/withdraw") && !reads) {
      UUID id = id(path.substring("/posts/".length(), path.length() - "/withdraw".length()));
      browser.form(
          _ ->
              browser
                  .exchange()
                  .when(
                      posts.withdraw(id), _ -> browser.exchange().redirect("/cms?done=withdrawn")));
    } else if (path.startsWith("/posts/")) {
      UUID id = id(path.substring("/posts/".length()));
      if (reads) {
        browser.exchange().when(find(id), post -> editor(browser, 200, PostForm.of(post), null));
      } else {
        posted(browser, id);
      }
    } else {
      throw nothingHere(path);
    }
  }

  /// Whether a path is where the editor's form is posted to.
  static boolean isEditor(String path) {
    return EDITOR.matcher(path).matches();
  }

  private void desk(Browser browser) {
    var query = browser.exchange().query();
    String name = query.first("status");
    PostStatus status =
        "draft".equals(name)
            ? PostStatus.DRAFT
            : "withdrawn".equals(name) ? PostStatus.WITHDRAWN : PostStatus.PUBLISHED;
    String before = query.first("before");
    browser
        .exchange()
        .when(
            posts.desk(status, DESK, before == null ? null : Cursor.parse(before)),
            page ->
                browser.page(
                    200,
                    Templates.desk(
                        browser.session(),
                        status.name().toLowerCase(Locale.ROOT),
                        page.posts().stream().map(DeskRow::new).toList(),
                        page.next(),
                        done(query.first("done")))));
  }

  private void suggest(Browser browser) {
    String query = browser.exchange().query().first("query");
    browser
        .exchange()
        .when(
            streams.search(query == null ? "" : query.strip(), SUGGESTIONS),
            found -> {
              ArrayNode json = JsonNodeFactory.instance.arrayNode();
              found.forEach(
                  stream -> json.addObject().put("slug", stream.slug()).put("name", stream.name()));
              browser.exchange().json(200, json.toString().getBytes(StandardCharsets.UTF_8));
              browser.context().request().resume();
            });
  }

  /// What an editor sends after the login is over comes back to be sent once more.
  private void posted(Browser browser, @Nullable UUID id) {
    String known = id == null ? null : id.toString();
    browser.anyForm(
        sent -> {
          PostForm form = PostForm.of(sent, known);
          Session session = browser.session();
          if (session.isEditor() && session.sent(sent.first("form_token"))) {
            save(browser, sent, form, id);
          } else {
            editor(browser, 403, form.with(List.of(LOGIN_IS_OVER)), null);
          }
        });
  }

  private void save(Browser browser, Form sent, PostForm form, @Nullable UUID id) {
    String action = sent.text("action");
    switch (action) {
      case "preview" ->
          settled(
              browser,
              form,
              posts.preview(form.draft(true)),
              post -> editor(browser, 200, form, post));
      case "draft" -> store(browser, form, id, false);
      case "publish", "breaking" -> store(browser, form, id, true);
      default ->
          throw new Refused(
              Problem.parameter("action", "one of preview, draft, publish, breaking", action));
    }
  }

  private void store(Browser browser, PostForm form, @Nullable UUID id, boolean publish) {
    Uni<Post> stored =
        id == null
            ? posts.create(form.draft(publish))
            : posts.change(id, form.change(publish && !form.published()));
    String done = !publish ? "saved" : form.published() ? "changed" : "published";
    String desk = publish || form.published() ? "/cms?done=" : "/cms?status=draft&done=";
    settled(browser, form, stored, _ -> browser.exchange().redirect(desk + done));
  }

  /// Goes on when it is settled; a form that is refused comes back with the reasons.
  private void settled(Browser browser, PostForm form, Uni<Post> outcome, Consumer<Post> done) {
    Uni<Object> either =
        outcome
            .onItem()
            .transform(Object.class::cast)
            .onFailure()
            .recoverWithItem(failure -> failure);
    browser
        .exchange()
        .when(
            either,
            result -> {
              if (result instanceof Throwable failure) {
                Problem problem = browser.exchange().problemOf(failure);
                List<FieldError> errors =
                    problem.errors().isEmpty()
                        ? List.of(new FieldError("post", "to be stored", problem.detail()))
                        : problem.errors();
                editor(browser, problem.status(), form.with(errors), null);
              } else {
                done.accept((Post) result);
              }
            });
  }

  private static void editor(Browser browser, int status, PostForm form, @Nullable Post preview) {
    String body = preview == null ? null : preview.body();
    List<String> paragraphs =
        body == null
            ? List.of()
            : BLANK_LINES.splitAsStream(body).filter(text -> !text.isBlank()).toList();
    browser.page(status, Templates.editor(browser.session(), form, preview, paragraphs));
  }

  private Uni<Post> find(UUID id) {
    return posts
        .find(id)
        .map(
            found -> {
              if (found == null) {
                throw new Refused(Problem.unknownPost(id.toString()));
              }
              return found;
            });
  }

  private static @Nullable String done(@Nullable String what) {
    if (what == null) {
      return null;
    }
    return switch (what) {
      case "published" -> "Published. Readers have it now.";
      case "changed" -> "Changed. Readers see the new version now.";
      case "saved" -> "Saved as a draft.";
      case "withdrawn" -> "Withdrawn. It is gone from all its streams.";
      default -> null;
    };
  }

  static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw new Refused(Problem.unknownPost(text));
    }
  }

  private static void readsOnly(boolean reads) {
    if (!reads) {
      throw new Refused(
          Problem.of(
              405, "method-not-allowed", "This can only be read", "Expected GET, got POST."));
    }
  }

  static Refused nothingHere(String path) {
    return new Refused(
        Problem.of(
            404,
            "not-found",
            "There is nothing here",
            "Expected the address of a page, got /cms" + path + "."));
  }
}

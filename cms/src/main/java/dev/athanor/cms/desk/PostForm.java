package dev.athanor.cms.desk;

import dev.athanor.domain.content.Draft;
import dev.athanor.domain.content.Field;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostChange;
import dev.athanor.domain.content.PostStatus;
import dev.athanor.domain.content.PostType;
import dev.athanor.domain.validation.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The editor's form as it stands: what was typed, and what is wrong with it.
///
/// @param id the post that is edited; null for a new one
/// @param published whether readers see it already
/// @param type the wire name of the type
/// @param title the title
/// @param summary the summary
/// @param body the text
/// @param url the address
/// @param streams slugs
/// @param breaking whether it is breaking news
/// @param errors what is wrong
public record PostForm(
    @Nullable String id,
    boolean published,
    String type,
    String title,
    String summary,
    String body,
    String url,
    List<String> streams,
    boolean breaking,
    List<FieldError> errors) {
  /// An empty form for a type.
  static PostForm blank(String type) {
    return new PostForm(null, false, type, "", "", "", "", List.of(), false, List.of());
  }

  /// The form of a post that is there.
  static PostForm of(Post post) {
    return new PostForm(
        post.id().toString(),
        post.status() == PostStatus.PUBLISHED,
        post.type().wireName(),
        post.title(),
        orEmpty(post.summary()),
        orEmpty(post.body()),
        orEmpty(post.url()),
        post.streams(),
        post.breaking(),
        List.of());
  }

  /// The form that was sent. Streams come as ticked boxes and as words in a field, so that it works
  /// without scripts.
  static PostForm of(Form form, @Nullable String id) {
    List<String> streams = new ArrayList<>();
    Stream.concat(
            form.all("stream").stream(), Stream.of(form.text("more_streams").split("[,\\s]+", -1)))
        .map(String::strip)
        .filter(slug -> !slug.isEmpty() && !streams.contains(slug))
        .forEach(streams::add);
    boolean breaking = form.ticked("breaking") || "breaking".equals(form.first("action"));
    return new PostForm(
        id,
        "true".equals(form.first("published")),
        form.text("type"),
        form.text("title"),
        form.text("summary"),
        form.text("body"),
        form.text("url"),
        List.copyOf(streams),
        breaking,
        List.of());
  }

  PostForm with(List<FieldError> wrong) {
    return new PostForm(id, published, type, title, summary, body, url, streams, breaking, wrong);
  }

  Draft draft(boolean publish) {
    return new Draft(
        type,
        nullIfBlank(title),
        nullIfBlank(summary),
        nullIfBlank(body),
        nullIfBlank(url),
        streams,
        breaking,
        publish);
  }

  PostChange change(boolean publish) {
    PostChange change =
        new PostChange(
            Field.of(type),
            Field.of(nullIfBlank(title)),
            Field.of(nullIfBlank(summary)),
            Field.of(nullIfBlank(body)),
            Field.of(nullIfBlank(url)),
            Field.of(streams),
            Field.of(breaking),
            Field.absent());
    return publish ? change.andPublish() : change;
  }

  /// The types to choose from.
  public List<String> types() {
    return Stream.of(PostType.values()).map(PostType::wireName).toList();
  }

  /// What is wrong with a field, or null. What is wrong with one item of a list is told of the
  /// list.
  public @Nullable String wrong(String field) {
    for (FieldError error : errors) {
      if (error.field().equals(field) || error.field().startsWith(field + "[")) {
        return "Expected " + error.expected() + ", got " + error.got() + ".";
      }
    }
    return null;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static @Nullable String nullIfBlank(String text) {
    return text.isBlank() ? null : text;
  }
}

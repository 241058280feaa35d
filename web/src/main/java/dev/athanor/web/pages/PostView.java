package dev.athanor.web.pages;

import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostType;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A post as the templates show it: which words, which player, which badge. The page script builds
/// the same card (`card.js`).
///
/// @param post the post
/// @param streams its streams with their names
public record PostView(Post post, List<Chip> streams) {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter WORDS =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final Pattern SCORE =
      Pattern.compile(
          "(?:(GOAL!|Half time:|Extra time:|Full time:) )?(.{1,100}?) (\\d{1,3}–\\d{1,3}|–)"
              + " (.{1,100}?)(?: \\(([^()]*\\d'[^()]*|[^()]*(?:penalties|time|awarded))\\))?");
  private static final Pattern KICK_OFF = Pattern.compile("(Kick-off): (.{1,100}?) – (.{1,100})");
  private static final Pattern BLANK_LINES = Pattern.compile("\\R\\s*\\R");
  private static final int DESCRIPTION = 160;

  /// A stream on a card.
  ///
  /// @param slug its address
  /// @param name its name
  public record Chip(String slug, String name) {}

  /// A score board.
  ///
  /// @param phase `Goal`, `Half time` and so on; empty when the title does not tell
  /// @param team1 the side on the left
  /// @param middle the goals of both, or `v` before any can be
  /// @param team2 the side on the right
  /// @param detail who scored and when, or null
  public record Board(
      String phase, String team1, String middle, String team2, @Nullable String detail) {}

  /// The view of a post; a stream whose name is not known shows its slug.
  public static PostView of(Post post, Map<String, String> names) {
    return new PostView(
        post,
        post.streams().stream()
            .map(slug -> new Chip(slug, names.getOrDefault(slug, slug.replace('-', ' '))))
            .toList());
  }

  /// The post's id.
  public String id() {
    return post.id().toString();
  }

  /// The type's wire name.
  public String type() {
    return post.type().wireName();
  }

  /// The type in a word for readers.
  public String label() {
    return switch (post.type()) {
      case ARTICLE -> "Story";
      case VIDEO -> "Video";
      case AUDIO -> "Audio";
      case TWEET -> "Short";
      case LINK -> "Link";
      case SCORE -> phase();
    };
  }

  /// Whether it is breaking news.
  public boolean breaking() {
    return post.breaking();
  }

  /// The words a reader sees first: beside a score board what the board does not say.
  public String headline() {
    Board board = board();
    if (board == null) {
      return title();
    }
    String summary = post.summary();
    return board.detail() != null ? board.detail() : summary != null ? summary : title();
  }

  /// The title, or the text of a post that has none.
  public String title() {
    String body = post.body();
    return post.title().isEmpty() && body != null ? body : post.title();
  }

  /// A line or two below the headline, or null.
  public @Nullable String teaser() {
    return board() == null ? post.summary() : null;
  }

  /// For search engines and previews.
  public String description() {
    String text = post.summary() != null ? post.summary() : title();
    return text.length() <= DESCRIPTION ? text : text.substring(0, DESCRIPTION);
  }

  /// ISO-8601 with six digits of a second, as in the JSON.
  public String publishedAt() {
    return MICROS.format(time());
  }

  /// When, for readers without scripts.
  public String when() {
    return WORDS.format(time());
  }

  /// The score board of a post of type score, or null.
  public @Nullable Board board() {
    if (post.type() != PostType.SCORE) {
      return null;
    }
    Matcher kickOff = KICK_OFF.matcher(post.title());
    if (kickOff.matches()) {
      return new Board(kickOff.group(1), kickOff.group(2), "v", kickOff.group(3), null);
    }
    Matcher score = SCORE.matcher(post.title());
    if (!score.matches()) {
      return null;
    }
    String phase = score.group(1);
    return new Board(
        phase == null ? "" : phase.equals("GOAL!") ? "Goal" : phase.replace(":", ""),
        score.group(2),
        score.group(3),
        score.group(4),
        score.group(5));
  }

  private String phase() {
    Board board = board();
    return board == null || board.phase().isEmpty() ? "Score" : board.phase();
  }

  /// What tells the match of a score from others: its streams in order.
  public @Nullable String match() {
    return post.type() == PostType.SCORE
        ? String.join(" ", post.streams().stream().sorted().toList())
        : null;
  }

  /// Where a link leads, or null for other types.
  public @Nullable String host() {
    return post.type() == PostType.LINK ? outsideHost() : null;
  }

  /// The text of a short post, shown as a quote; null for other types.
  public @Nullable String quote() {
    return post.type() == PostType.TWEET && post.body() != null ? post.body() : null;
  }

  /// A film's file to play here, or null.
  public @Nullable String film() {
    return post.type() == PostType.VIDEO && endsWith(".mp4", ".webm") ? post.url() : null;
  }

  /// A recording's file to play here, or null.
  public @Nullable String sound() {
    return post.type() == PostType.AUDIO && endsWith(".mp3", ".ogg", ".m4a", ".wav")
        ? post.url()
        : null;
  }

  /// Where the story goes on elsewhere, or null.
  public @Nullable String outside() {
    return film() == null && sound() == null ? post.url() : null;
  }

  /// What to expect there.
  public String outsideCall() {
    return switch (post.type()) {
      case VIDEO -> "Watch the video";
      case AUDIO -> "Listen";
      case ARTICLE, TWEET, LINK, SCORE -> "Read on";
    };
  }

  /// The host it leads to.
  public String outsideHost() {
    String url = post.url();
    if (url == null) {
      return "";
    }
    try {
      String host = URI.create(url).getHost();
      return host == null ? url : host.startsWith("www.") ? host.substring(4) : host;
    } catch (IllegalArgumentException _) {
      return url;
    }
  }

  /// The text, split where it has empty lines.
  public List<String> paragraphs() {
    String body = post.body();
    if (body == null || post.type() == PostType.TWEET) {
      return List.of();
    }
    return BLANK_LINES.splitAsStream(body.strip()).filter(text -> !text.isBlank()).toList();
  }

  private Instant time() {
    Instant at = post.publishedAt();
    return at == null ? Instant.EPOCH : at;
  }

  private boolean endsWith(String... endings) {
    String url = post.url();
    if (url == null) {
      return false;
    }
    int query = url.indexOf('?');
    String path = (query < 0 ? url : url.substring(0, query)).toLowerCase(Locale.ROOT);
    return Stream.of(endings).anyMatch(path::endsWith);
  }
}

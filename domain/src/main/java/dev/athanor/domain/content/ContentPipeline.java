package dev.athanor.domain.content;

import dev.athanor.domain.validation.FieldError;
import dev.athanor.domain.validation.Text;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The way of a draft into a post: every field is brought into its normal form, then checked, first
/// against the limits that hold for all, then against what its type asks for. All errors are
/// collected; the first of each field is kept, since the others follow from it.
enum ContentPipeline {
  ARTICLE {
    @Override
    void check(Content content, Errors errors) {
      requireTitle(content, errors);
      if (content.body == null) {
        errors.add("body", "the article's text", "nothing");
      }
    }
  },
  VIDEO {
    @Override
    void check(Content content, Errors errors) {
      requireTitle(content, errors);
      requireUrl(
          content,
          errors,
          WebAddress::isVideo,
          "an http(s) address ending in .mp4, .webm or .m3u8, or a page of a known player"
              + " (YouTube, Vimeo, Dailymotion, Twitch, Streamable)");
    }
  },
  AUDIO {
    @Override
    void check(Content content, Errors errors) {
      requireTitle(content, errors);
      requireUrl(
          content,
          errors,
          WebAddress::isAudio,
          "an http(s) address ending in .mp3, .ogg, .m4a or .wav, or a page of a known player"
              + " (SoundCloud, Spotify, Apple Podcasts, Mixcloud, Deezer)");
    }
  },
  TWEET {
    @Override
    void check(Content content, Errors errors) {
      String text = content.body == null ? content.title : content.body;
      String field = content.body == null && content.title != null ? "title" : "body";
      if (text == null) {
        errors.add(field, "a text of 1 to " + LONGEST_TWEET + " characters", "nothing");
      } else if (Text.length(text) > LONGEST_TWEET) {
        errors.add(
            field, "at most " + LONGEST_TWEET + " characters", Text.length(text) + " characters");
      }
    }
  },
  LINK {
    @Override
    void check(Content content, Errors errors) {
      requireTitle(content, errors);
      requireUrl(content, errors, _ -> true, "an http(s) address");
    }
  },
  SCORE {
    @Override
    void check(Content content, Errors errors) {
      requireTitle(content, errors);
    }
  };

  private static final int LONGEST_TITLE = 300;
  private static final int LONGEST_SUMMARY = 1_000;
  private static final int LONGEST_BODY = 200_000;
  private static final int LONGEST_TWEET = 280;
  private static final int MOST_STREAMS = 20;

  static ContentPipeline of(PostType type) {
    return switch (type) {
      case ARTICLE -> ARTICLE;
      case VIDEO -> VIDEO;
      case AUDIO -> AUDIO;
      case TWEET -> TWEET;
      case LINK -> LINK;
      case SCORE -> SCORE;
    };
  }

  /// What the type asks for, beyond what all have in common.
  abstract void check(Content content, Errors errors);

  /// Sends a draft through its type's pipeline. A draft whose type is wrong is still checked for
  /// what all types have in common.
  static Outcome run(Draft draft) {
    Errors errors = new Errors();
    Optional<PostType> type = type(draft.type(), errors);
    Content content = Content.normalized(draft);
    checkLimits(content, errors);
    checkStreams(content, draft.publish(), errors);
    type.ifPresent(t -> of(t).check(content, errors));
    return new Outcome(type, content, errors.list());
  }

  private static Optional<PostType> type(@Nullable String name, Errors errors) {
    Optional<PostType> type = name == null ? Optional.empty() : PostType.ofWireName(name.strip());
    if (type.isEmpty()) {
      errors.add(
          "type",
          "one of article, video, audio, tweet, link, score",
          name == null || name.isBlank() ? "nothing" : FieldError.quote(name));
    }
    return type;
  }

  private static void checkLimits(Content content, Errors errors) {
    limit("title", content.title, LONGEST_TITLE, errors);
    limit("summary", content.summary, LONGEST_SUMMARY, errors);
    limit("body", content.body, LONGEST_BODY, errors);
    if (content.url != null && content.address.isEmpty()) {
      errors.add("url", "an http(s) address", FieldError.quote(content.url));
    }
  }

  private static void limit(String field, @Nullable String text, int most, Errors errors) {
    if (text != null && text.length() > most && Text.length(text) > most) {
      errors.add(field, "at most " + most + " characters", Text.length(text) + " characters");
    }
  }

  private static void checkStreams(Content content, boolean publish, Errors errors) {
    if (publish && content.streams.isEmpty()) {
      errors.add("streams", "1 to " + MOST_STREAMS + " streams", "none");
    } else if (content.streams.size() > MOST_STREAMS) {
      errors.add("streams", "at most " + MOST_STREAMS + " streams", "" + content.streams.size());
    }
  }

  private static void requireTitle(Content content, Errors errors) {
    if (content.title == null) {
      errors.add("title", "1 to " + LONGEST_TITLE + " characters", "nothing");
    }
  }

  private static void requireUrl(
      Content content, Errors errors, Predicate<WebAddress> accepted, String expected) {
    if (content.url == null) {
      errors.add("url", expected, "nothing");
    } else if (content.address.filter(accepted).isEmpty()) {
      errors.replace("url", expected, FieldError.quote(content.url));
    }
  }

  /// A draft's fields in normal form.
  static final class Content {
    final @Nullable String title;
    final @Nullable String summary;
    final @Nullable String body;
    final @Nullable String url;
    final Optional<WebAddress> address;
    final List<String> streams;

    private Content(Draft draft) {
      title = Text.normalizeLine(draft.title());
      summary = Text.normalize(draft.summary());
      body = Text.normalize(draft.body());
      url = Text.normalizeLine(draft.url());
      address = url == null ? Optional.empty() : WebAddress.parse(url);
      Set<String> distinct = new LinkedHashSet<>();
      draft.streams().forEach(slug -> distinct.add(slug.strip()));
      streams = List.copyOf(distinct);
    }

    private static Content normalized(Draft draft) {
      return new Content(draft);
    }
  }

  /// What came out of the pipeline.
  ///
  /// @param type the type, if it is one
  /// @param content the fields in normal form
  /// @param errors what is wrong; empty when nothing is
  record Outcome(Optional<PostType> type, Content content, List<FieldError> errors) {}

  /// The first error of each field.
  static final class Errors {
    private final List<FieldError> list = new ArrayList<>();

    void add(String field, String expected, String got) {
      if (list.stream().noneMatch(error -> error.field().equals(field))) {
        list.add(new FieldError(field, expected, got));
      }
    }

    void replace(String field, String expected, String got) {
      list.removeIf(error -> error.field().equals(field));
      list.add(new FieldError(field, expected, got));
    }

    List<FieldError> list() {
      return List.copyOf(list);
    }
  }
}

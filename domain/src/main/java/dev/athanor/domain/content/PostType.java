package dev.athanor.domain.content;

import java.util.Locale;
import java.util.Optional;

/// What a post is, and so which pipeline checks it. A story may change its type.
public enum PostType {
  /// A text with a title.
  ARTICLE,
  /// A film: a file or a known player's page.
  VIDEO,
  /// A recording: a file or a known player's page.
  AUDIO,
  /// A short text of at most 280 characters.
  TWEET,
  /// A page elsewhere.
  LINK,
  /// A moment of a match, with the score in its title.
  SCORE;

  /// The name in JSON and in the database: lower case.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The type of that wire name, or nothing.
  public static Optional<PostType> ofWireName(String name) {
    for (PostType type : values()) {
      if (type.wireName().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}

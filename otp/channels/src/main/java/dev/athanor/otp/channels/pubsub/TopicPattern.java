package dev.athanor.otp.channels.pubsub;

/// Which topics are meant: one, or all that begin with what stands before a `*` at the end.
///
/// @param text a topic like `news`, or a pattern like `stream:*`
public record TopicPattern(String text) {
  /// Refuses an empty text and a `*` that is not at the end.
  public TopicPattern {
    int star = text.indexOf('*');
    if (text.isBlank() || (star >= 0 && star != text.length() - 1)) {
      throw new IllegalArgumentException(
          "expected a topic like 'news' or a pattern with one * at its end like 'stream:*', got '"
              + text
              + "'");
    }
  }

  /// Tells whether several topics can fit.
  ///
  /// @return true for a pattern with `*`
  public boolean isPrefix() {
    return text.endsWith("*");
  }

  /// What every topic that fits begins with; for a single topic all of it.
  ///
  /// @return the text without `*`
  public String stem() {
    return isPrefix() ? text.substring(0, text.length() - 1) : text;
  }

  /// Tells whether a topic is meant.
  ///
  /// @param topic the topic
  /// @return true when it is
  public boolean fits(String topic) {
    return isPrefix() ? topic.regionMatches(0, text, 0, text.length() - 1) : topic.equals(text);
  }
}

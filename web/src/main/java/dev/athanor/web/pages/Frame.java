package dev.athanor.web.pages;

import dev.athanor.domain.streams.Stream;
import java.util.List;

/// What every page has around its content.
///
/// @param version of scripts and styles, a part of their addresses
/// @param topics the streams in the bar
/// @param current the slug of the stream that is shown; empty for the list of streams, `/` for none
/// @param live whether the page is kept live and shows its connection
public record Frame(String version, List<Stream> topics, String current, boolean live) {
  /// Copies the list.
  public Frame {
    topics = List.copyOf(topics);
  }

  /// Whether the page shows that stream.
  public boolean isCurrent(String slug) {
    return current.equals(slug);
  }
}

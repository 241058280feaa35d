package dev.athanor.domain.content;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an editor hands in, unchecked: every field may be missing or wrong. [Posts#create] says all
/// that is wrong with it at once.
///
/// @param type the wire name of a [PostType]
/// @param title see [Post]
/// @param summary see [Post]
/// @param body see [Post]
/// @param url see [Post]
/// @param streams slugs; duplicates are dropped
/// @param breaking whether readers are told at once
/// @param publish whether to publish it now; else it is kept as a draft
public record Draft(
    @Nullable String type,
    @Nullable String title,
    @Nullable String summary,
    @Nullable String body,
    @Nullable String url,
    List<String> streams,
    boolean breaking,
    boolean publish) {
  /// Copies the list.
  public Draft {
    streams = List.copyOf(streams);
  }
}

package dev.athanor.domain.content;

import dev.athanor.domain.streams.Cursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of the editors' desk: posts of one status, latest first.
///
/// @param posts drafts by their last change, published and withdrawn ones by publication
/// @param next where the next page starts, or null on the last
public record DeskPage(List<Post> posts, @Nullable Cursor next) {
  /// Copies the list.
  public DeskPage {
    posts = List.copyOf(posts);
  }
}

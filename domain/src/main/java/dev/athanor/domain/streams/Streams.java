package dev.athanor.domain.streams;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The streams of the platform and their pages. Every method may be called from any thread and
/// never blocks it; a failed database reaches the caller as the Uni's failure.
@ApplicationScoped
public class Streams {
  /// The largest page, and the largest result of a search.
  public static final int LARGEST_PAGE = 100;

  Streams() {}

  /// The streams whose name or slug contains the query, ignoring case and accents; those that start
  /// with it first, then by name. An empty query lists all in order of name.
  ///
  /// @param limit 1 to 100, else an `IllegalArgumentException`
  public Uni<List<Stream>> search(String query, int limit) {
    throw new UnsupportedOperationException();
  }

  /// The stream of that slug, or null.
  public Uni<@Nullable Stream> find(String slug) {
    throw new UnsupportedOperationException();
  }

  /// Creates a stream, or gives back the one that has the slug already (its name and kind stay as
  /// they are), so that an import may be repeated. A null slug is made from the name; a bad slug or
  /// name is an `InvalidContent`.
  public Uni<Stream> create(@Nullable String slug, String name, StreamKind kind) {
    throw new UnsupportedOperationException();
  }

  /// A page of the stream: at most `limit` posts (1 to 100, else an `IllegalArgumentException`),
  /// newest first, after the place of the cursor. One prepared statement. Fails with
  /// [UnknownStream].
  public Uni<StreamPage> page(String slug, int limit, @Nullable Cursor before) {
    throw new UnsupportedOperationException();
  }
}

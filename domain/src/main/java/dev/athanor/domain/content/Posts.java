package dev.athanor.domain.content;

import dev.athanor.domain.streams.Cursor;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The editors' use cases on posts. Each is one transaction: the post, its places on streams and
/// its event are stored together or not at all. Every method may be called from any thread and
/// never blocks it. What breaks the rules is an `InvalidContent` with all errors; a failed database
/// is the Uni's failure, and nothing is stored.
@ApplicationScoped
public class Posts {
  Posts() {}

  /// Checks the draft through its type's pipeline and stores it, published when it says so. When
  /// the Uni is answered the post is committed and this node's stream versions have moved.
  public Uni<Post> create(Draft draft) {
    throw new UnsupportedOperationException();
  }

  /// Changes a post; an unknown or withdrawn one is an [UnknownPost].
  public Uni<Post> change(UUID id, PostChange change) {
    throw new UnsupportedOperationException();
  }

  /// Takes a post off all its streams for good; an unknown one is an [UnknownPost], one that is
  /// withdrawn already is given back as it is.
  public Uni<Post> withdraw(UUID id) {
    throw new UnsupportedOperationException();
  }

  /// The post of that id in whatever status, or null.
  public Uni<@Nullable Post> find(UUID id) {
    throw new UnsupportedOperationException();
  }

  /// What [#create] would store, through the same checks; stores nothing.
  public Uni<Post> preview(Draft draft) {
    throw new UnsupportedOperationException();
  }

  /// A page of the desk.
  ///
  /// @param limit 1 to 100, else an `IllegalArgumentException`
  public Uni<DeskPage> desk(PostStatus status, int limit, @Nullable Cursor before) {
    throw new UnsupportedOperationException();
  }
}

package dev.athanor.web;

import dev.athanor.domain.content.DeskPage;
import dev.athanor.domain.content.Post;
import dev.athanor.domain.content.PostJson;
import dev.athanor.domain.content.PostStatus;
import dev.athanor.domain.content.Posts;
import dev.athanor.domain.streams.Cursor;
import dev.athanor.otp.ets.Cache;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is newest across all streams: what the front page shows and keeps live. Its newest pages,
/// and whatever else everybody looks at when something breaks, are kept for half a second and
/// forgotten with every event, so that however many come at once the database is asked twice a
/// second at most.
@ApplicationScoped
public class FrontPosts {
  private final Posts posts;
  private final TableOwner owner;

  @Inject
  FrontPosts(Posts posts, TableOwner owner) {
    this.posts = posts;
    this.owner = owner;
  }

  /// A page as JSON, like that of a stream.
  public Uni<Buffer> page(int limit, @Nullable Cursor before) {
    Supplier<Uni<Buffer>> load =
        () -> posts.desk(PostStatus.PUBLISHED, limit, before).map(FrontPosts::encode);
    return before == null ? kept("posts " + limit, load) : load.get();
  }

  /// What the supplier makes, kept under a name as long as it is fresh.
  public Uni<Buffer> kept(String name, Supplier<Uni<Buffer>> load) {
    return ReadThrough.get(cache(), name, load);
  }

  /// Forgets what is kept: something has been published, changed or withdrawn.
  public void forget() {
    ReadThrough.change(cache(), Cache::invalidateAll);
  }

  private @Nullable Cache<String, Buffer> cache() {
    WebTables.Set tables = owner.tables();
    return tables == null ? null : tables.front();
  }

  private static Buffer encode(DeskPage page) {
    StringJoiner data = new StringJoiner(",", "{\"data\":[", "],\"next\":");
    for (Post post : page.posts()) {
      data.add(PostJson.encode(post));
    }
    Cursor next = page.next();
    String tail = next == null ? "null}" : "\"" + next + "\"}";
    return Answers.buffer((data + tail).getBytes(StandardCharsets.UTF_8));
  }
}

package dev.athanor.web;

import dev.athanor.domain.streams.StreamPage;
import dev.athanor.domain.streams.StreamVersions;
import dev.athanor.domain.streams.Streams;
import dev.athanor.otp.ets.Cache;
import dev.athanor.otp.ets.TableException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The newest posts of each stream, as bytes ready for the socket, in a table.
///
/// A page is kept under its stream, its length and the stream's version, and is looked for under
/// the version of now: what was made before a publication is never given out after it, without
/// anybody having to forget anything, and however many readers come at once after it, the database
/// is asked once. The page of the version before is dropped when its successor is there. Without
/// the table (switched off, or its owner is being restarted) every page comes from the database.
@ApplicationScoped
public class FirstPages {
  /// Which page.
  ///
  /// @param slug the stream
  /// @param limit how many posts
  /// @param version the stream's version it was made under
  record Key(String slug, int limit, long version) {
    @Override
    public int hashCode() {
      return (slug.hashCode() * 31 + limit) * 31 + Long.hashCode(version);
    }
  }

  /// A page as it is given out.
  ///
  /// @param source what it was made of
  /// @param body its JSON
  /// @param tag its entity tag
  record Page(StreamPage source, Buffer body, CharSequence tag) {}

  /// Tells this run of the server from others: versions start anew with each.
  private static final String RUN = Long.toString(System.nanoTime() & 0xFFFFFFFL, 36);

  private final Streams streams;
  private final StreamVersions versions;
  private final TableOwner owner;

  /// The version that each page was loaded under last, to drop it when a newer one is there.
  private final ConcurrentHashMap<Key, Long> latest = new ConcurrentHashMap<>();

  @Inject
  FirstPages(Streams streams, StreamVersions versions, TableOwner owner) {
    this.streams = streams;
    this.versions = versions;
    this.owner = owner;
  }

  /// Answers the request with the page: from the table at once, or when the database has answered.
  public void answer(RoutingContext context, String slug, int limit, Consumer<Throwable> failed) {
    Cache<Key, Page> cache = cache();
    if (cache == null) {
      Answers.when(
          context,
          streams.page(slug, limit, null),
          found -> Answers.json(context, Answers.buffer(found.body())),
          failed);
      return;
    }
    Key key = new Key(slug, limit, versions.version(slug));
    Page page = present(cache, key);
    if (page != null) {
      Answers.json(context, page.body(), page.tag());
      return;
    }
    Answers.when(
        context,
        Uni.createFrom().completionStage(() -> load(cache, key)),
        found -> Answers.json(context, found.body(), found.tag()),
        failed);
  }

  /// The page of a stream, from the table if it is there.
  public Uni<StreamPage> page(String slug, int limit) {
    Cache<Key, Page> cache = cache();
    if (cache == null) {
      return streams.page(slug, limit, null);
    }
    Key key = new Key(slug, limit, versions.version(slug));
    return Uni.createFrom().completionStage(() -> load(cache, key)).map(Page::source);
  }

  private @Nullable Cache<Key, Page> cache() {
    WebTables.Set tables = owner.tables();
    return tables == null ? null : tables.firstPages();
  }

  private static @Nullable Page present(Cache<Key, Page> cache, Key key) {
    try {
      return cache.getIfPresent(key);
    } catch (TableException.Gone _) {
      return null;
    }
  }

  private CompletionStage<Page> load(Cache<Key, Page> cache, Key key) {
    try {
      return cache.get(
          key,
          wanted ->
              streams
                  .page(wanted.slug(), wanted.limit(), null)
                  .map(found -> keep(cache, wanted, found))
                  .subscribeAsCompletionStage());
    } catch (TableException.Gone _) {
      return streams
          .page(key.slug(), key.limit(), null)
          .map(found -> made(key, found))
          .subscribeAsCompletionStage();
    }
  }

  private Page keep(Cache<Key, Page> cache, Key key, StreamPage found) {
    Long before = latest.put(new Key(key.slug(), key.limit(), 0), key.version());
    if (before != null && before != key.version()) {
      cache.invalidate(new Key(key.slug(), key.limit(), before));
    }
    return made(key, found);
  }

  private static Page made(Key key, StreamPage found) {
    CharSequence tag =
        HttpHeaders.createOptimized("\"" + RUN + "-" + Long.toString(key.version(), 36) + "\"");
    return new Page(found, Answers.buffer(found.body()), tag);
  }
}

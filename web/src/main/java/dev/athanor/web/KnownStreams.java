package dev.athanor.web;

import dev.athanor.domain.streams.Stream;
import dev.athanor.domain.streams.Streams;
import dev.athanor.otp.ets.Cache;
import dev.athanor.otp.ets.TableException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/// Streams by slug, from a table: a stream keeps its name and kind for ever, so what has been found
/// once is not asked for again. What does not exist is not remembered. Any thread.
@ApplicationScoped
public class KnownStreams {
  private static final class None extends RuntimeException {
    None() {
      super("no such stream", null, false, false);
    }
  }

  private final Streams streams;
  private final TableOwner owner;

  @Inject
  KnownStreams(Streams streams, TableOwner owner) {
    this.streams = streams;
    this.owner = owner;
  }

  /// The stream of that slug, or null.
  public Uni<@Nullable Stream> find(String slug) {
    Cache<String, Stream> cache = owner.streams();
    if (cache == null) {
      return streams.find(slug);
    }
    return Uni.createFrom()
        .completionStage(
            () -> {
              try {
                return cache.get(slug, key -> load(key).subscribeAsCompletionStage());
              } catch (TableException.Gone _) {
                return load(slug).subscribeAsCompletionStage();
              }
            })
        .<@Nullable Stream>map(found -> found)
        .onFailure(None.class)
        .recoverWithNull();
  }

  private Uni<Stream> load(String slug) {
    return streams
        .find(slug)
        .map(
            found -> {
              if (found == null) {
                throw new None();
              }
              return found;
            });
  }
}

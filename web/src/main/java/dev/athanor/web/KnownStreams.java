package dev.athanor.web;

import dev.athanor.domain.streams.Stream;
import dev.athanor.domain.streams.Streams;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;

/// Streams by slug, from a table: a stream keeps its name and kind for ever, so what has been found
/// once is not asked for again. What does not exist is not remembered. Any thread.
@ApplicationScoped
public class KnownStreams {
  private final Streams streams;
  private final TableOwner owner;

  @Inject
  KnownStreams(Streams streams, TableOwner owner) {
    this.streams = streams;
    this.owner = owner;
  }

  /// The stream of that slug, or null.
  public Uni<@Nullable Stream> find(String slug) {
    return ReadThrough.find(owner.streams(), slug, () -> streams.find(slug));
  }
}

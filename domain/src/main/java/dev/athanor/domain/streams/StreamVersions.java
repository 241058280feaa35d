package dev.athanor.domain.streams;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/// A counter for each stream that moves whenever its posts change: a cached page is fresh as long
/// as the version it was made under is still the current one. In the node that publishes, the
/// counter moves after the commit and before the publisher has its answer, so that he reads his own
/// writes; other nodes move it when the event arrives. Read the version *before* the page it is to
/// vouch for.
///
/// Any thread may read and move it, without waiting.
@ApplicationScoped
public class StreamVersions {
  private final ConcurrentMap<String, Long> changes = new ConcurrentHashMap<>();
  private final AtomicLong all = new AtomicLong();

  StreamVersions() {}

  /// The version of the stream; it only grows.
  public long version(String slug) {
    return all.get() + changes.getOrDefault(slug, 0L);
  }

  /// Moves the versions of these streams.
  public void bump(Collection<String> slugs) {
    slugs.forEach(slug -> changes.merge(slug, 1L, Long::sum));
  }

  /// Moves the versions of all streams: what a node does that may have missed events.
  public void bumpAll() {
    all.incrementAndGet();
  }
}

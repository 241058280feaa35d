package dev.athanor.domain.streams;

import java.util.Objects;

/// A stream as readers see it: one list of posts with an address.
///
/// @param slug its address, lower-case ASCII, for ever: `brighton-and-hove-albion-fc`
/// @param name its name as people write it
/// @param kind what it is about
public record Stream(String slug, String name, StreamKind kind) {
  /// Refuses nulls.
  public Stream {
    Objects.requireNonNull(slug, "slug");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
  }
}

package dev.athanor.domain.streams;

import dev.athanor.domain.validation.FieldError;

/// A slug that no stream has: the answer to the caller is "not found".
public final class UnknownStream extends RuntimeException {
  private final String slug;

  /// With the slug that was asked for.
  public UnknownStream(String slug) {
    super("expected the slug of a stream, got " + FieldError.quote(slug));
    this.slug = slug;
  }

  /// The slug that was asked for.
  public String slug() {
    return slug;
  }
}

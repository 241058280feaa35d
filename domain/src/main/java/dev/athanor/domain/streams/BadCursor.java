package dev.athanor.domain.streams;

import dev.athanor.domain.validation.FieldError;

/// A cursor that no page has handed out. The caller's mistake: nothing was read.
public final class BadCursor extends RuntimeException {
  private final String got;

  BadCursor(String got) {
    super(
        "expected a cursor from the field \"next\" of a page, got "
            + FieldError.quote(got)
            + "; leave it out to read from the newest post");
    this.got = got;
  }

  /// The text that was handed in.
  public String got() {
    return got;
  }
}

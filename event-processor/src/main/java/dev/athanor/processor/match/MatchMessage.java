package dev.athanor.processor.match;

import dev.athanor.domain.fixtures.MatchState;
import org.jspecify.annotations.Nullable;

/// What a match process is told: the time, and what its own database calls brought.
sealed interface MatchMessage {

  /// The time of the next moment, or of the next attempt, may have come.
  record Wake() implements MatchMessage {}

  /// The checkpoint, or null when there is no such match.
  record Loaded(@Nullable MatchState match) implements MatchMessage {}

  /// The next moment is published: by this process, or (false) by somebody else before.
  record Advanced(boolean byUs) implements MatchMessage {}

  /// The database did not do what it was asked for, or nobody knows whether it did.
  record Failed(Throwable cause) implements MatchMessage {
    static Failed because(@Nullable Throwable cause) {
      return new Failed(cause == null ? new IllegalStateException("no answer at all") : cause);
    }
  }
}

package dev.athanor.processor.work;

import java.time.Instant;

/// A piece of work that an event left behind.
///
/// @param key what it is about: there is one item of a kind about it at most
/// @param seq the event's place in the outbox; an item of a younger event takes the place of an
///     older one
/// @param payload what is to be done, in the words of its kind; may be empty
/// @param since when it was written down
/// @param attempts which attempt this is, from 1; 0 before the first
public record WorkItem(String key, long seq, String payload, Instant since, int attempts) {
  /// Work that nobody has tried yet.
  public static WorkItem of(String key, long seq, String payload) {
    return new WorkItem(key, seq, payload, Instant.now(), 0);
  }
}

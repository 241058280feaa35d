package dev.athanor.otp.channels.pubsub;

import java.util.List;

/// What somebody who comes back has missed of a topic that is kept, as of one moment: every
/// numbered event up to `offset` was before that moment, every other one comes after it.
///
/// @param epoch names this history; offsets of another epoch mean nothing here
/// @param offset the number of the last event so far; 0 when there was none
/// @param recovered whether `events` are all that was missed
/// @param events the events missed, oldest first, numbered without gaps up to `offset`; empty when
///   not recovered
public record Missed(String epoch, long offset, boolean recovered, List<Broadcast> events) {
  /// Keeps a copy of the list.
  public Missed {
    events = List.copyOf(events);
  }

  /// The number of the event before the first one missed.
  ///
  /// @return `offset` when nothing was missed, or when what was is lost
  public long from() {
    return offset - events.size();
  }

  /// The same moment with nothing to hand over.
  ///
  /// @return not recovered, without events
  public Missed lost() {
    return new Missed(epoch, offset, false, List.of());
  }
}

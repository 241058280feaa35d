package dev.athanor.otp.channels;

import java.util.Collection;

/// Counts of what goes through an endpoint, since it was made.
///
/// @param sockets how many are open now
/// @param messagesIn how many messages clients have sent
/// @param messagesOut how many were written to clients, a broadcast once for each
public record Traffic(long sockets, long messagesIn, long messagesOut) {
  static Traffic of(Collection<Crew> crews) {
    long sockets = 0;
    long messagesIn = 0;
    long messagesOut = 0;
    for (Crew crew : crews) {
      sockets += crew.size();
      messagesIn += crew.messagesIn;
      messagesOut += crew.messagesOut;
    }
    return new Traffic(sockets, messagesIn, messagesOut);
  }
}

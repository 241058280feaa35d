package dev.athanor.otp.channels.presence;

/// What carries gossip to the trackers of other nodes, which give it to [Presence#receive]. It
/// may lose, repeat and reorder it. Both methods are called in trackers and must neither block
/// nor throw.
public interface Transport {
  /// Sends to the same tracker of every other node.
  ///
  /// @param gossip what to send
  void broadcast(Gossip gossip);

  /// Sends to one of them.
  ///
  /// @param to which one
  /// @param gossip what to send
  void send(Replica to, Gossip gossip);
}

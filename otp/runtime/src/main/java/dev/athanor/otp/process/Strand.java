package dev.athanor.otp.process;

import org.jspecify.annotations.Nullable;

/// A lane as one node uses it: what all processes of a node on a lane share.
final class Strand {
  private final Node node;
  private final Lane lane;
  private final boolean oneThread;

  /// The one thread of an event loop, known after its first turn, so that turns need not look it
  /// up. Plain: written by that thread, read by the watchdog, which may see it late.
  private @Nullable Carrier carrier;

  Strand(Node node, Lane lane) {
    this.node = node;
    this.lane = lane;
    this.oneThread = lane.kind() == Kind.EVENT_LOOP;
  }

  /// Whether its callbacks may block, each on a thread that is its own for a turn.
  boolean mayBlock() {
    return !oneThread;
  }

  Node node() {
    return node;
  }

  Lane lane() {
    return lane;
  }

  /// Called first in every turn.
  ///
  /// @return what the calling thread is doing
  @SuppressWarnings("ReferenceEquality") // threads are compared by identity, and in every turn
  Carrier enter() {
    Carrier known = carrier;
    if (known != null && known.thread == Thread.currentThread()) {
      return known;
    }
    Carrier current = Carrier.current();
    if (oneThread) {
      carrier = current;
    }
    return current;
  }

  @Nullable Carrier carrier() {
    return carrier;
  }
}

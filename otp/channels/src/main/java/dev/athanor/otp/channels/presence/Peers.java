package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.presence.Gossip.Delta;
import dev.athanor.otp.channels.presence.Gossip.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The other replicas as one tracker sees them: up, down or gone, and what each has said of its own
/// entries. Confined to the tracker.
///
/// A replica is up as long as its heartbeats come. The entries of one that is down are not seen and
/// not forgotten; they are forgotten when it is down for good, when it said goodbye, and when a
/// later life of it is heard of. After that nothing that was under way brings them back: smaller
/// versions are not listened to.
final class Peers {
  /// What the tracker does about it.
  interface Watcher {
    void appeared(Item item);

    void vanished(Item item);

    void noted(String event, Replica replica);
  }

  private enum Status {
    UP,
    DOWN,
    GONE
  }

  private static final class Peer {
    final Replica replica;
    Share share = new Share();
    Status status = Status.UP;
    long heard;

    /// How many changes it is known to have made.
    long clock;

    Peer(Replica replica, long now) {
      this.replica = replica;
      this.heard = now;
    }
  }

  private final Replica self;
  private final Watcher watcher;
  private final long downNanos;
  private final long goneNanos;
  private final Map<String, Peer> peers = new TreeMap<>();

  Peers(Replica self, Watcher watcher, long downNanos, long goneNanos) {
    this.self = self;
    this.watcher = watcher;
    this.downNanos = downNanos;
    this.goneNanos = goneNanos;
  }

  void heartbeat(Gossip.Heartbeat beat, long now) {
    Peer peer = admit(beat.from(), now);
    if (peer == null) {
      return;
    }
    peer.heard = now;
    peer.clock = Math.max(peer.clock, beat.clock());
    if (peer.status == Status.DOWN) {
      peer.status = Status.UP;
      watcher.noted("replica_up", peer.replica);
      peer.share.live().forEach(watcher::appeared);
    }
    if (beat.delta() != null) {
      join(peer, beat.delta());
    }
  }

  void transfer(Gossip.Transfer transfer) {
    Peer peer = peers.get(transfer.from().name());
    if (peer != null
        && peer.replica.version() == transfer.from().version()
        && peer.status != Status.GONE) {
      peer.clock = Math.max(peer.clock, transfer.delta().end());
      join(peer, transfer.delta());
    }
  }

  void goodbye(Gossip.Goodbye goodbye, long now) {
    Replica replica = goodbye.from();
    Peer peer = peers.get(replica.name());
    if (peer == null) {
      peer = new Peer(replica, now);
      peers.put(replica.name(), peer);
    } else if (peer.replica.version() > replica.version() || peer.status == Status.GONE) {
      return;
    } else if (peer.replica.version() < replica.version()) {
      forget(peer);
      peer = new Peer(replica, now);
      peers.put(replica.name(), peer);
    } else {
      forget(peer);
    }
    peer.status = Status.GONE;
    peer.heard = now;
  }

  /// The peer who speaks, unless it is not to be listened to.
  private @Nullable Peer admit(Replica replica, long now) {
    Peer peer = peers.get(replica.name());
    if (peer != null && peer.replica.version() == replica.version()) {
      return peer.status == Status.GONE ? null : peer;
    }
    if (peer != null) {
      if (peer.replica.version() > replica.version()) {
        return null;
      }
      forget(peer);
    }
    Peer fresh = new Peer(replica, now);
    peers.put(replica.name(), fresh);
    watcher.noted("replica_up", replica);
    return fresh;
  }

  private void join(Peer peer, Delta delta) {
    if (peer.status == Status.UP) {
      peer.share.join(delta, watcher::vanished, watcher::appeared);
    } else {
      peer.share.join(delta, unseen -> {}, unseen -> {});
    }
  }

  private void forget(Peer peer) {
    if (peer.status == Status.UP) {
      peer.share.live().forEach(watcher::vanished);
    }
    if (peer.status != Status.GONE) {
      watcher.noted("replica_forgotten", peer.replica);
    }
    peer.share = new Share();
  }

  /// Who has not been heard of for too long?
  void findDown(long now) {
    for (Peer peer : List.copyOf(peers.values())) {
      long silent = now - peer.heard;
      if (peer.status == Status.UP && silent >= downNanos) {
        watcher.noted("replica_down", peer.replica);
        peer.share.live().forEach(watcher::vanished);
        peer.status = Status.DOWN;
      }
      if (peer.status != Status.UP && silent >= goneNanos) {
        forget(peer);
        peers.remove(peer.replica.name());
      }
    }
  }

  /// Who has changes that are missing here, with the question to ask it.
  Map<Replica, Gossip.Request> missing() {
    Map<Replica, Gossip.Request> questions = new LinkedHashMap<>();
    for (Peer peer : peers.values()) {
      if (peer.status == Status.UP && peer.share.prefix() < peer.clock) {
        questions.put(
            peer.replica, new Gossip.Request(self, peer.replica.version(), peer.share.prefix()));
      }
    }
    return questions;
  }

  /// The names of those who are up.
  List<String> up() {
    List<String> names = new ArrayList<>();
    for (Peer peer : peers.values()) {
      if (peer.status == Status.UP) {
        names.add(peer.replica.name());
      }
    }
    return names;
  }
}

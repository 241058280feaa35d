package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.presence.Gossip.Delta;
import dev.athanor.otp.channels.presence.Gossip.Item;
import dev.athanor.otp.channels.presence.Gossip.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// What is known here of the entries of one other replica: an add-wins observed-remove set without
/// tombstones, over dots (Bieniusa et al., "An optimized conflict-free replicated set"; the deltas
/// of Almeida, Shoker and Baquero). Confined to a tracker.
///
/// The lattice: a pair of the dots that are known and the entries that are live, whose dots are
/// among them. The join of two pairs knows what either knows; live is what is live in both, or live
/// in one and unknown to the other. It is commutative, associative and idempotent, for deltas as
/// well as for whole shares: messages may be lost, repeated, and come in any order, and a removed
/// entry cannot come back, because its dot is known.
///
/// Since a replica alone changes its own entries, no element is ever changed from two sides, and a
/// join costs what the delta holds, not what the set holds.
final class Share {
  private final Dots known = new Dots();
  private final TreeMap<Long, Item> live = new TreeMap<>();

  /// Takes a delta, or a whole share, and tells what came and what went.
  void join(Delta delta, Consumer<Item> left, Consumer<Item> joined) {
    Set<Long> there = new HashSet<>();
    for (Item item : delta.live()) {
      there.add(item.dot());
    }
    for (Range range : delta.known()) {
      List<Item> gone = new ArrayList<>();
      for (Item item : live.subMap(range.from(), true, range.to(), true).values()) {
        if (!there.contains(item.dot())) {
          gone.add(item);
        }
      }
      for (Item item : gone) {
        live.remove(item.dot());
        left.accept(item);
      }
    }
    for (Item item : delta.live()) {
      if (!known.contains(item.dot())) {
        live.put(item.dot(), item);
        joined.accept(item);
      }
    }
    delta.known().forEach(known::add);
  }

  /// Up to which change nothing is missing.
  long prefix() {
    return known.prefix();
  }

  Collection<Item> live() {
    return live.values();
  }

  /// All of it, as a delta.
  Delta whole() {
    return new Delta(known.ranges(), List.copyOf(live.values()));
  }
}

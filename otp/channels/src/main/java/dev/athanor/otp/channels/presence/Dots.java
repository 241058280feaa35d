package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.presence.Gossip.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A set of dots, as the ranges it is made of: one range as long as nothing is missing (the causal
/// context of Phoenix's tracker is its first range, the cloud the others). Confined to a tracker.
final class Dots {
  /// First dot to last dot; disjoint, and never one right behind another.
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  boolean contains(long dot) {
    Map.Entry<Long, Long> before = ranges.floorEntry(dot);
    return before != null && before.getValue() >= dot;
  }

  void add(Range more) {
    long from = more.from();
    long to = more.to();
    Map.Entry<Long, Long> before = ranges.floorEntry(from);
    if (before != null && before.getValue() >= from - 1) {
      from = before.getKey();
      to = Math.max(to, before.getValue());
    }
    Map.Entry<Long, Long> next = ranges.ceilingEntry(from);
    while (next != null && next.getKey() <= to + 1) {
      to = Math.max(to, next.getValue());
      ranges.remove(next.getKey());
      next = ranges.ceilingEntry(from);
    }
    ranges.put(from, to);
  }

  /// Up to which dot none is missing.
  long prefix() {
    return ranges.getOrDefault(1L, 0L);
  }

  List<Range> ranges() {
    List<Range> all = new ArrayList<>(ranges.size());
    ranges.forEach((from, to) -> all.add(new Range(from, to)));
    return all;
  }
}

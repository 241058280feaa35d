package dev.athanor.otp.channels.presence;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What trackers of different nodes tell each other. Immutable, made of strings, numbers and bytes;
/// may be lost, repeated and delivered in any order.
public sealed interface Gossip {
  /// Who says it.
  ///
  /// @return the sender
  Replica from();

  /// I am there, and this is new (`{:pub, :heartbeat, ...}`). For everybody.
  ///
  /// @param from the sender
  /// @param clock how many changes it has made in its life
  /// @param delta those since the last heartbeat; null when there are none, or too many
  record Heartbeat(Replica from, long clock, @Nullable Delta delta) implements Gossip {}

  /// I miss something of yours (`:transfer_req`). For one.
  ///
  /// @param from the sender
  /// @param version whose changes are meant: the version of the receiver
  /// @param after up to which change nothing is missing
  record Request(Replica from, long version, long after) implements Gossip {}

  /// What was missing (`:transfer_ack`). For the one who asked.
  ///
  /// @param from the sender
  /// @param delta the changes asked for, or everything there is
  record Transfer(Replica from, Delta delta) implements Gossip {}

  /// I stop in order; forget me (`:graceful_permdown`). For everybody.
  ///
  /// @param from the sender
  record Goodbye(Replica from) implements Gossip {}

  /// A part of what a replica has to say of its own processes: an element of the same lattice as
  /// the whole. Every change has a number, its dot; an entry that came with a dot in `known` and is
  /// not in `live` is gone.
  ///
  /// @param known the dots this is about, as disjoint ranges
  /// @param live the entries that are there, in the order of their dots, which all are in `known`
  record Delta(List<Range> known, List<Item> live) {
    /// Copies the lists.
    public Delta {
      known = List.copyOf(known);
      live = List.copyOf(live);
    }

    long end() {
      return known.isEmpty() ? 0 : known.getLast().to();
    }
  }

  /// Some dots.
  ///
  /// @param from the first, at least 1
  /// @param to the last
  record Range(long from, long to) {
    /// Refuses what is no range.
    public Range {
      if (from < 1 || to < from) {
        throw new IllegalArgumentException(
            "expected a range of dots from 1 on, got " + from + " to " + to);
      }
    }
  }

  /// One entry: somebody is there.
  ///
  /// @param dot the change it came with
  /// @param topic where
  /// @param key who
  /// @param meta what is said of it
  record Item(long dot, String topic, String key, Meta meta) {}
}

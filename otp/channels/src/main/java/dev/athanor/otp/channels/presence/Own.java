package dev.athanor.otp.channels.presence;

import dev.athanor.otp.channels.presence.Gossip.Delta;
import dev.athanor.otp.channels.presence.Gossip.Item;
import dev.athanor.otp.channels.presence.Gossip.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The entries of this replica's own processes, and what changed lately: where deltas come from.
/// Confined to a tracker.
///
/// Every change has the next number: an entry that comes keeps it as its dot, one that goes leaves
/// a line in the journal. The journal is bounded; who is further behind gets everything.
final class Own {
  private record Removal(long clock, long dot) {}

  private final TreeMap<Long, Item> live = new TreeMap<>();
  private final ArrayDeque<Removal> journal = new ArrayDeque<>();
  private final int journalSize;
  private long clock;

  /// The last change that is no longer in the journal.
  private long floor;

  Own(int journalSize) {
    this.journalSize = journalSize;
  }

  long clock() {
    return clock;
  }

  /// The number the next change will have.
  long nextDot() {
    return clock + 1;
  }

  Item add(String topic, String key, Meta meta) {
    Item item = new Item(++clock, topic, key, meta);
    live.put(item.dot(), item);
    return item;
  }

  @Nullable Item remove(long dot) {
    Item removed = live.remove(dot);
    if (removed != null) {
      journal.add(new Removal(++clock, dot));
      if (journal.size() > journalSize) {
        floor = journal.remove().clock();
      }
    }
    return removed;
  }

  /// What somebody misses who has all changes up to one: the changes, or everything when the
  /// journal does not reach back so far or everything is less.
  Delta since(long after) {
    if (after >= clock) {
      return new Delta(List.of(), List.of());
    }
    var fresh = live.tailMap(after, false);
    List<Long> removed = new ArrayList<>();
    if (after >= floor) {
      Iterator<Removal> latest = journal.descendingIterator();
      while (latest.hasNext()) {
        Removal removal = latest.next();
        if (removal.clock() <= after) {
          break;
        }
        if (removal.dot() <= after) {
          removed.add(removal.dot());
        }
      }
    }
    if (after < floor || removed.size() + fresh.size() > live.size()) {
      return new Delta(List.of(new Range(1, clock)), List.copyOf(live.values()));
    }
    Collections.sort(removed);
    Dots known = new Dots();
    removed.forEach(dot -> known.add(new Range(dot, dot)));
    known.add(new Range(after + 1, clock));
    return new Delta(known.ranges(), List.copyOf(fresh.values()));
  }
}

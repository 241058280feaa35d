package dev.athanor.processor.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a consumer has been given and has not done yet: a queue for each key, and a turn for each
/// queue. Items of one key come out in the order they went in and never overtake one that failed;
/// other keys do not wait for it.
///
/// A key is in one of four places: *ready*, *taken* (part of the current batch), *resting* after a
/// failure, or gone because nothing waits under it. A batch that fails as a whole tells nothing
/// about which item was bad, so its keys become *suspect*: each is then taken alone, one item at a
/// time, until it succeeds. Only a suspect that fails alone is to blame, and rests.
///
/// Belongs to one process; not for several threads.
final class Backlog<T> {

  /// The items of one batch: for each key its oldest ones, in order.
  record Batch<T>(Map<String, List<T>> byKey) {
    List<T> items() {
      return byKey.values().stream().flatMap(List::stream).toList();
    }

    boolean isEmpty() {
      return byKey.isEmpty();
    }

    /// Whether a failure can only be the fault of this one item.
    boolean isSingle() {
      return byKey.size() == 1 && byKey.values().iterator().next().size() == 1;
    }

    String firstKey() {
      return byKey.keySet().iterator().next();
    }
  }

  private static final class Lot<T> {
    final Deque<T> items = new ArrayDeque<>();
    boolean suspect;
    boolean onParole;
    int failures;
    int ownFailures;
  }

  private final Map<String, Lot<T>> lots = new HashMap<>();
  private final Set<String> ready = new LinkedHashSet<>();
  private int size;

  /// Everything given and not done, whatever its state.
  int size() {
    return size;
  }

  void add(String key, T item) {
    Lot<T> lot = lots.get(key);
    if (lot == null) {
      lot = new Lot<>();
      lots.put(key, lot);
      ready.add(key);
    }
    lot.items.add(item);
    size++;
  }

  /// The next batch of at most so many items; its keys give no more until one of [#done], [#split]
  /// or [#rest] is told about it. Empty when nothing is ready.
  Batch<T> take(int atMost) {
    Map<String, List<T>> batch = new HashMap<>();
    int room = atMost;
    Iterator<String> keys = ready.iterator();
    while (room > 0 && keys.hasNext()) {
      String key = keys.next();
      Lot<T> lot = lot(key);
      if (lot.suspect && !batch.isEmpty()) {
        continue;
      }
      List<T> oldest = lot.items.stream().limit(lot.suspect ? 1 : room).toList();
      batch.put(key, oldest);
      room = lot.suspect ? 0 : room - oldest.size();
      keys.remove();
    }
    return new Batch<>(batch);
  }

  /// The batch took effect: it is forgotten, and what waits behind it becomes ready.
  void done(Batch<T> batch) {
    batch
        .byKey()
        .forEach(
            (key, items) -> {
              Lot<T> lot = lot(key);
              items.forEach(_ -> lot.items.remove());
              size -= items.size();
              lot.suspect = false;
              lot.onParole = false;
              lot.failures = 0;
              lot.ownFailures = 0;
              if (lot.items.isEmpty()) {
                lots.remove(key);
              } else {
                ready.add(key);
              }
            });
  }

  /// The batch failed and had several items: each of its keys is to be tried alone.
  void split(Batch<T> batch) {
    for (String key : new ArrayList<>(batch.byKey().keySet())) {
      lot(key).suspect = true;
      ready.add(key);
    }
  }

  /// The batch of one failed: its key rests until [#wake].
  ///
  /// @param counts whether the failure may be the item's fault
  /// @return how often in a row it has failed, at least 1
  int rest(Batch<T> batch, boolean counts) {
    Lot<T> lot = lot(batch.firstKey());
    lot.suspect = true;
    lot.failures++;
    lot.ownFailures += counts ? 1 : 0;
    return lot.failures;
  }

  /// How many of its failures in a row may be the item's own fault.
  int ownFailures(Batch<T> batch) {
    return lot(batch.firstKey()).ownFailures;
  }

  /// Whether the last item of the batch's key was given up, and none succeeded since.
  boolean onParole(Batch<T> batch) {
    return lot(batch.firstKey()).onParole;
  }

  /// The batch of one is given up: it is forgotten, and what waits behind it becomes ready, alone
  /// and on parole.
  void giveUp(Batch<T> batch) {
    done(batch);
    Lot<T> lot = lots.get(batch.firstKey());
    if (lot != null) {
      lot.suspect = true;
      lot.onParole = true;
    }
  }

  /// The rest of a key is over.
  void wake(String key) {
    if (lots.containsKey(key)) {
      ready.add(key);
    }
  }

  private Lot<T> lot(String key) {
    Lot<T> lot = lots.get(key);
    if (lot == null) {
      throw new IllegalStateException("Nothing waits under the key " + key);
    }
    return lot;
  }
}

package dev.athanor.otp.registry;

import dev.athanor.otp.process.ExitReason;
import dev.athanor.otp.process.Owned;
import dev.athanor.otp.process.Pid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The places of one process in one registry, oldest first; everything happens under this object's
/// lock, which is taken before a group's. A process with many keys also gets an index of them.
final class Holdings<K, V> implements Owned {

  private static final int INDEX_FROM = 16;

  final Pid<?> pid;
  private final Registry<K, V> registry;
  private @Nullable Place<K, V> oldest;
  private @Nullable Place<K, V> newest;
  private @Nullable Map<K, Set<Place<K, V>>> index;
  private int count;
  private boolean gone;

  Holdings(Registry<K, V> registry, Pid<?> pid) {
    this.registry = registry;
    this.pid = pid;
  }

  boolean isGone() {
    return gone;
  }

  void add(Place<K, V> place) {
    place.older = newest;
    if (newest == null) {
      oldest = place;
    } else {
      newest.newer = place;
    }
    newest = place;
    count++;
    if (index != null) {
      enter(index, place);
    } else if (count > INDEX_FROM) {
      Map<K, Set<Place<K, V>>> made = new HashMap<>();
      for (Place<K, V> p = oldest; p != null; p = p.newer) {
        enter(made, p);
      }
      index = made;
    }
  }

  private static <K, V> void enter(Map<K, Set<Place<K, V>>> index, Place<K, V> place) {
    index.computeIfAbsent(place.key, k -> new LinkedHashSet<>(2)).add(place);
  }

  void remove(Place<K, V> place) {
    Place<K, V> newer = place.newer;
    Place<K, V> older = place.older;
    if (newer == null) {
      newest = older;
    } else {
      newer.older = older;
    }
    if (older == null) {
      oldest = newer;
    } else {
      older.newer = newer;
    }
    place.newer = null;
    place.older = null;
    count--;
    if (index != null) {
      Set<Place<K, V>> same = index.get(place.key);
      if (same != null) {
        same.remove(place);
        if (same.isEmpty()) {
          index.remove(place.key);
        }
      }
    }
  }

  /// The places under a key, oldest first; a copy.
  synchronized List<Place<K, V>> under(K key) {
    List<Place<K, V>> found = new ArrayList<>(1);
    if (index != null) {
      found.addAll(index.getOrDefault(key, Set.of()));
    } else {
      for (Place<K, V> p = oldest; p != null; p = p.newer) {
        if (p.key.equals(key)) {
          found.add(p);
        }
      }
    }
    return found;
  }

  /// The oldest place under a key, or null. Called with this object's lock.
  @Nullable Place<K, V> oldest(K key) {
    if (index != null) {
      Set<Place<K, V>> same = index.get(key);
      return same == null ? null : same.iterator().next();
    }
    Place<K, V> place = oldest;
    while (place != null && !place.key.equals(key)) {
      place = place.newer;
    }
    return place;
  }

  synchronized List<K> keys() {
    List<K> keys = new ArrayList<>(count);
    for (Place<K, V> p = oldest; p != null; p = p.newer) {
      keys.add(p.key);
    }
    return List.copyOf(keys);
  }

  @Override
  public void ownerExited(Pid<?> owner, ExitReason reason) {
    release();
  }

  void release() {
    synchronized (this) {
      gone = true;
      try {
        leaveAll();
      } finally {
        registry.forget(this);
      }
    }
  }

  /// A key whose hashCode or equals throws keeps the others from nothing.
  private void leaveAll() {
    RuntimeException first = null;
    for (Place<K, V> p = oldest; p != null; p = oldest) {
      try {
        registry.leave(p);
      } catch (RuntimeException strange) {
        first = first == null ? strange : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}

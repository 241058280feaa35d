package dev.athanor.otp.registry;

import dev.athanor.otp.process.Pid;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The places of one key, in the order of their arrival.
///
/// They stand in an array: who arrives takes the next element, who leaves blanks its own, which it
/// knows; nobody moves, so a walk without a lock meets everybody who stays. When the array is full,
/// or three quarters of what is used are blanks, those who are left move to a new array; a walk
/// that is under way finishes in the old one, which nobody writes to any more. Both are O(1) in the
/// long run, however many processes hold the key. Arriving and leaving take this object's lock, and
/// those who watch are told under it, so that they hear of everything once and in its order. A
/// group that became empty and that nobody watches for itself is closed, and replaced by a new one
/// when somebody comes.
final class Group<K, V> {

  private static final int SMALLEST = 4;
  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(Place[].class);

  /// An array and how much of it is used.
  private static final class Slots<K, V> {
    final @Nullable Place<K, V>[] places;
    volatile int used;

    @SuppressWarnings({"unchecked", "rawtypes"})
    Slots(int length) {
      places = new Place[length];
    }

    void append(Place<K, V> place) {
      int at = used;
      place.index = at;
      ELEMENT.setRelease(places, at, place);
      used = at + 1;
    }

    @SuppressWarnings("unchecked")
    @Nullable Place<K, V> at(int index) {
      return (Place<K, V>) ELEMENT.getAcquire(places, index);
    }
  }

  private volatile Slots<K, V> slots = new Slots<>(SMALLEST);
  private volatile int live;
  private boolean closed;
  private final List<Watch<K, V>> watches;

  /// An empty group, watched from the beginning by these.
  Group(List<Watch<K, V>> watches) {
    this.watches = new ArrayList<>(watches);
  }

  int size() {
    return live;
  }

  /// Answers false if the group is closed.
  synchronized boolean add(Place<K, V> place) {
    if (closed) {
      return false;
    }
    if (slots.used == slots.places.length) {
      move();
    }
    slots.append(place);
    setLive(live + 1);
    for (Watch<K, V> watch : watches) {
      watch.joined(place);
    }
    return true;
  }

  /// Answers whether the group is closed now, because it was the last.
  synchronized boolean remove(Place<K, V> place) {
    Slots<K, V> now = slots;
    if (now.at(place.index) == place) {
      ELEMENT.setRelease(now.places, place.index, (Place<?, ?>) null);
      setLive(live - 1);
      for (Watch<K, V> watch : watches) {
        watch.left(place);
      }
      closed = isUnwanted();
      if (!closed && now.places.length > SMALLEST && live < now.used >>> 2) {
        move();
      }
    }
    return closed;
  }

  /// Lets somebody watch and answers who is there; null if the group is closed.
  synchronized @Nullable List<Pid<?>> watch(Watch<K, V> watch) {
    if (closed) {
      return null;
    }
    watches.add(watch);
    List<Pid<?>> present = new ArrayList<>(live);
    each(place -> present.add(place.pid));
    return List.copyOf(present);
  }

  /// Answers whether the group is closed now, because nobody is there and nobody watches it for
  /// itself.
  synchronized boolean unwatch(Watch<K, V> watch) {
    if (watches.remove(watch)) {
      closed = isUnwanted();
    }
    return closed;
  }

  /// Whoever watches every key watches the next group of this key too.
  private boolean isUnwanted() {
    return live == 0 && watches.stream().allMatch(watch -> watch.key() == null);
  }

  private void setLive(int count) {
    live = count;
  }

  private void move() {
    Slots<K, V> before = slots;
    Slots<K, V> next = new Slots<>(Math.max(SMALLEST, live << 1));
    for (int i = 0; i < before.used; i++) {
      Place<K, V> place = before.at(i);
      if (place != null) {
        next.append(place);
      }
    }
    slots = next;
  }

  void each(Consumer<? super Place<K, V>> action) {
    Slots<K, V> now = slots;
    int used = now.used;
    for (int i = 0; i < used; i++) {
      Place<K, V> place = now.at(i);
      if (place != null) {
        action.accept(place);
      }
    }
  }
}

package dev.athanor.otp.channels.pubsub;

import dev.athanor.otp.process.Pid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A set of subscriptions that is cheap to enter, to leave and to go through.
///
/// An array without holes; every subscription knows its place. Entering appends, leaving moves the
/// last one into the hole: both O(1). Going through takes the array itself as a snapshot and marks
/// it as shared; the next change after that copies it first. So a crowd that comes or goes pays
/// nothing for snapshots nobody takes, and a broadcast costs at most one copy, which is little
/// beside the deliveries it makes.
///
/// Who looks for a process goes through the array; among many that costs an index from processes to
/// their subscriptions, made at the first such search and kept from then on, so that the searches
/// after it are O(1). Topics nobody searches, all of those with sockets among them, have none.
///
/// Everything is guarded by this object's lock; a shared array never changes again.
@SuppressWarnings("ReferenceEquality") // subscriptions are compared by identity
final class Roster {
  private static final int INDEX_FROM = 32;

  private @Nullable Subscription[] seats;
  private int size;
  private boolean shared;

  /// To a subscription, or to a list of them when a process has several.
  private @Nullable Map<Pid<?>, Object> index;

  Roster() {
    seats = new Subscription[0];
  }

  synchronized void add(Subscription subscription) {
    if (size == seats.length) {
      seats = Arrays.copyOf(seats, size < 4 ? size + 1 : size + (size >> 1));
      shared = false;
    }
    makeOwn();
    seats[size] = subscription;
    subscription.place = size;
    size++;
    if (index != null) {
      enter(index, subscription);
    }
  }

  /// Returns whether it was there.
  synchronized boolean remove(Subscription subscription) {
    int place = subscription.place;
    if (place < 0) {
      return false;
    }
    if (seats.length > 16 && size < seats.length >> 2) {
      seats = Arrays.copyOf(seats, size);
      shared = false;
    }
    makeOwn();
    size--;
    Subscription last = seats[size];
    seats[size] = null;
    if (last != null && last != subscription) {
      seats[place] = last;
      last.place = place;
    }
    subscription.place = -1;
    if (index != null) {
      leave(index, subscription);
    }
    return true;
  }

  /// The last subscription of this process.
  synchronized @Nullable Subscription find(Pid<?> process) {
    if (index == null && size > INDEX_FROM) {
      index = HashMap.newHashMap(size);
      for (int i = 0; i < size; i++) {
        enter(index, Objects.requireNonNull(seats[i]));
      }
    }
    if (index != null) {
      Object found = index.get(process);
      return (Subscription) (found instanceof List<?> several ? several.getLast() : found);
    }
    for (int i = size - 1; i >= 0; i--) {
      Subscription subscription = seats[i];
      if (subscription != null && subscription.owner == process) {
        return subscription;
      }
    }
    return null;
  }

  private static void enter(Map<Pid<?>, Object> index, Subscription subscription) {
    Pid<?> owner = subscription.owner;
    if (owner != null) {
      index.merge(
          owner,
          subscription,
          (before, added) -> {
            List<Object> several = new ArrayList<>();
            if (before instanceof List<?> list) {
              several.addAll(list);
            } else {
              several.add(before);
            }
            several.add(added);
            return several;
          });
    }
  }

  private static void leave(Map<Pid<?>, Object> index, Subscription subscription) {
    Pid<?> owner = subscription.owner;
    if (owner != null) {
      index.computeIfPresent(
          owner,
          (process, found) -> {
            if (found instanceof List<?> several) {
              several.remove(subscription);
              return several.isEmpty() ? null : several;
            }
            return null;
          });
    }
  }

  /// Those who stand here at this moment, up to the first null; who leaves later is no longer open
  /// (its place is -1).
  synchronized @Nullable Subscription[] snapshot() {
    shared = size > 0;
    return seats;
  }

  private void makeOwn() {
    if (shared) {
      seats = seats.clone();
      shared = false;
    }
  }
}

package dev.athanor.otp.channels.pubsub;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A set of subscriptions that is cheap to enter, to leave and to go through.
///
/// An array without holes; every subscription knows its place. Entering appends, leaving moves the
/// last one into the hole: both O(1). Going through takes the array itself as a snapshot and marks
/// it as shared; the next change after that copies it first. So a crowd that comes or goes pays
/// nothing for snapshots nobody takes, and a broadcast costs at most one copy, which is little
/// beside the deliveries it makes.
///
/// Everything is guarded by this object's lock; a shared array never changes again.
@SuppressWarnings("ReferenceEquality") // subscriptions are compared by identity
final class Roster {
  private @Nullable Subscription[] seats;
  private int size;
  private boolean shared;

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
    return true;
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
